-- Adds a window or a day to the index of those that there are, which goes back so far from the newest one, in whatever order
-- they are added. One in the future removes none.
-- KEYS  the index (sorted set)
-- ARGV  milliseconds to keep windows or days, start of the one to add, the time by the clock of the sink
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[2])
local newest = redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[3], '-inf', 'LIMIT', 0, 1)[1] or 0
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', tonumber(newest) - tonumber(ARGV[1])))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
