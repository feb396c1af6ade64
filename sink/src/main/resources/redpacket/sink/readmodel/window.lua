-- Replaces the counters of a window, unless what is held is as new or newer.
-- KEYS  the window (hash of integers)
-- ARGV  milliseconds to keep it, epoch, revision, then names and values of the other fields
local held = redis.call('HMGET', KEYS[1], 'epoch', 'revision')
local epoch, revision = tonumber(held[1] or 0), tonumber(held[2] or 0)
if tonumber(ARGV[2]) < epoch then return 1 end
if tonumber(ARGV[2]) == epoch and tonumber(ARGV[3]) <= revision then return 1 end
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'revision', ARGV[3], unpack(ARGV, 4))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
