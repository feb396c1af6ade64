-- Adds a window or a day to the index of those that there are, which goes back so far from the newest one, in whatever order
-- they are added.
-- KEYS  the index (sorted set)
-- ARGV  milliseconds to keep windows or days, start of the one to add
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[2])
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0)[1]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', tonumber(newest) - tonumber(ARGV[1])))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
