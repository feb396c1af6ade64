-- Adds a window to its scope's index, which goes back so far from the newest window, in whatever order windows are added.
-- KEYS  the index (sorted set)
-- ARGV  milliseconds to keep windows, start of the window
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[2])
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0)[1]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', tonumber(newest) - tonumber(ARGV[1])))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
