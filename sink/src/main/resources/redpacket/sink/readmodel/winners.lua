-- Appends to the winners of packets, where the last one is the one that is expected.
-- KEYS  of each run: winners (list: the share with index i is at i), view (hash)
-- ARGV  milliseconds to keep an open packet, and a closed one; then of each run: the last winner ('' for none), '1' if a list begins
--       with this run or '', how many winners follow, those winners
-- Returns of each run that expected another last winner: its number, and the last winner. Nothing of it is written.
local refused, at = {}, 3
for run = 1, #KEYS / 2 do
  local winners, view = KEYS[2 * run - 1], KEYS[2 * run]
  local first = at + 3
  local expected, begins, last = ARGV[at], ARGV[at + 1] == '1', at + 2 + tonumber(ARGV[at + 2])
  at = last + 1
  local held = redis.call('LINDEX', winners, '-1') or ''
  if held ~= expected then
    refused[#refused + 1] = run
    refused[#refused + 1] = held
  else
    -- Where a list is begun that is there already, the packet's id was forgotten and is used again.
    if begins and held ~= '' then redis.call('DEL', winners) end
    redis.call('RPUSH', winners, unpack(ARGV, first, last))
    if begins then
      local known = redis.call('HMGET', view, 'closedAtMillis', 'incomplete')
      redis.call('PEXPIRE', winners, known[1] and ARGV[2] or ARGV[1])
      if known[2] then redis.call('HDEL', view, 'incomplete') end
    end
  end
end
return refused
