-- Adds an award to its user's, of which the newest are kept. The newest of a union do not depend on the order of adding.
-- KEYS  the user's awards (sorted set by time of grab)
-- ARGV  time, award, how many to keep, milliseconds to keep them
if redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2]) == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[3])
  if over > 0 then redis.call('ZREMRANGEBYRANK', KEYS[1], 0, over - 1) end
end
return 1
