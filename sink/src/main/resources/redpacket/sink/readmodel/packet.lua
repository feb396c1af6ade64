-- KEYS  view (hash), winners (hash)
-- Returns names and values of the view's fields; then how many winners there are; and where there are any and none is missing among
-- them, the last one and the luckiest one.
local view, count = redis.call('HGETALL', KEYS[1]), redis.call('HLEN', KEYS[2])
-- Shares go from 0 on: where one is missing, another stands at or behind the number of all.
local last = redis.call('HGET', KEYS[2], count - 1)
if not last or redis.call('HEXISTS', KEYS[2], count) == 1 then return {view, count} end
return {view, count, last, redis.call('HGET', KEYS[2], string.match(last, '(%d+) %d+$'))}
