-- Puts a loaded queue in the place of whatever is there, if it is loaded whole.
-- Once done the loading key is gone, so a repeat leaves the queue and its popped shares alone.
-- KEYS loading, shares, popped   ARGV total, milliseconds to live
if redis.call('LLEN', KEYS[1]) == tonumber(ARGV[1]) then
  redis.call('UNLINK', KEYS[2], KEYS[3])
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
end
