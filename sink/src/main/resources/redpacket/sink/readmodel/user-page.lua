-- Reads a page of the awards of a user, latest first.
-- KEYS  the bucket of the user on each day, newest first (sorted sets, all scores 0)
-- ARGV  lower and upper bound of the entries (in the format of ZREVRANGEBYLEX), limit
local page, left = {}, tonumber(ARGV[3])
for day = 1, #KEYS do
  if left == 0 then break end
  local entries = redis.call('ZREVRANGEBYLEX', KEYS[day], ARGV[2], ARGV[1], 'LIMIT', 0, left)
  for i = 1, #entries do page[#page + 1] = entries[i] end
  left = left - #entries
end
return page
