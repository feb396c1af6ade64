-- Adds awards to what their users won.
-- KEYS  of each award: its user's awards (sorted set by time of grab)
-- ARGV  milliseconds to keep them, rank up to which to remove;
--       then of each award: time of its grab, text for the set, '1' if old awards are to be removed or ''
for i = 1, #KEYS do
  redis.call('ZADD', KEYS[i], ARGV[3 * i], ARGV[3 * i + 1])
  redis.call('PEXPIRE', KEYS[i], ARGV[1])
  if ARGV[3 * i + 2] == '1' then redis.call('ZREMRANGEBYRANK', KEYS[i], 0, ARGV[2]) end
end
return 1
