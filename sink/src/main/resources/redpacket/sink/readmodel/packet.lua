-- KEYS  view (hash), winners (list)
-- Returns names and values of the view's fields; then, where somebody won, the last winner and the luckiest one.
local view, last = redis.call('HGETALL', KEYS[1]), redis.call('LINDEX', KEYS[2], -1)
if not last then return {view} end
return {view, last, redis.call('LINDEX', KEYS[2], string.match(last, '(%d+) %d+$'))}
