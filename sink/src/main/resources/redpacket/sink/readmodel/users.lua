-- Adds awards to what their users won.
-- KEYS  of each award: its user's awards (sorted set by time of grab)
-- ARGV  milliseconds to keep them; then of each award: time of its grab, text for the set
for i = 1, #KEYS do
  redis.call('ZADD', KEYS[i], ARGV[2 * i], ARGV[2 * i + 1])
  redis.call('PEXPIRE', KEYS[i], ARGV[1])
end
return 1
