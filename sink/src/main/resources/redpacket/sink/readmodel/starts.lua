-- Adds a start to the index of windows or days, and removes starts that are too old. The age counts from the newest
-- start that is not in the future, so the order of the calls does not matter, and a start in the future removes none.
-- KEYS  the index (sorted set)
-- ARGV  how long to keep starts (milliseconds), the start to add, the current time of the sink (milliseconds)
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[2])
local newest = redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[3], '-inf', 'LIMIT', 0, 1)[1] or 0
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', tonumber(newest) - tonumber(ARGV[1])))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
