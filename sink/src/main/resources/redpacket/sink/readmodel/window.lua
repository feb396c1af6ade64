-- Replaces the counters of a window if the epoch and revision are higher than those in Redis.
-- KEYS  the window (hash of integers)
-- ARGV  how long to keep the window (milliseconds), epoch, revision, then names and values of the other fields
local held = redis.call('HMGET', KEYS[1], 'epoch', 'revision')
local epoch, revision = tonumber(held[1] or 0), tonumber(held[2] or 0)
if tonumber(ARGV[2]) < epoch then return 1 end
if tonumber(ARGV[2]) == epoch and tonumber(ARGV[3]) <= revision then return 1 end
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'revision', ARGV[3], unpack(ARGV, 4))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
