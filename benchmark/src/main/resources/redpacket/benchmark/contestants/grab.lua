-- One grab, decided in Redis: what the user holds, else the next share, else nothing.
-- KEYS winners, shares   ARGV user id, grab id   answers 'held grab-id index cents', 'won grab-id index cents' or nil
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held then
  return 'held ' .. held
end
local share = redis.call('LPOP', KEYS[2])
if not share then
  return nil
end
local won = ARGV[2] .. ' ' .. share
redis.call('HSET', KEYS[1], ARGV[1], won)
return 'won ' .. won
