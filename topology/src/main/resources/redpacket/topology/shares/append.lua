-- Appends a chunk to a queue that is being loaded, unless it is there already. Returns the length.
-- KEYS loading   ARGV expected length before, milliseconds to live, shares
local before = tonumber(ARGV[1])
local length = redis.call('LLEN', KEYS[1])
if length ~= before then return length end
for from = 3, #ARGV, 5000 do
  length = redis.call('RPUSH', KEYS[1], unpack(ARGV, from, math.min(from + 4999, #ARGV)))
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return length
