-- Begins the winners of packets. Those of an older packet with the same id, which was forgotten, are removed.
-- KEYS  of each packet: winners (hash: index of the share, winner), view (hash)
-- ARGV  milliseconds to keep an open packet, and a closed one; then of each packet: how many winners follow, those winners from the
--       first one on
local function offsetOf(winner) return tonumber(string.match(winner, '^%S+ %S+ %d+ %d+ (%d+)')) end

local function removeOlder(winners, offset)
  local count = redis.call('HLEN', winners)
  local last = redis.call('HGET', winners, count - 1)
  if not last or offsetOf(last) >= offset then return end
  local held = redis.call('HGETALL', winners)
  for i = 1, #held, 2 do
    if offsetOf(held[i + 1]) < offset then redis.call('HDEL', winners, held[i]) end
  end
end

local function begin(winners, view, first, count)
  local held = redis.call('HGET', winners, '0')
  if held and held ~= ARGV[first] then
    if offsetOf(held) > offsetOf(ARGV[first]) then return end -- The id is in use again by now.
    redis.call('DEL', winners)
  end
  local fields = {}
  for i = 0, count - 1 do
    fields[2 * i + 1], fields[2 * i + 2] = i, ARGV[first + i]
  end
  redis.call('HSET', winners, unpack(fields))
  if held == ARGV[first] then removeOlder(winners, offsetOf(held)) end
  local known = redis.call('HMGET', view, 'closedAtMillis', 'incomplete')
  redis.call('PEXPIRE', winners, known[1] and ARGV[2] or ARGV[1])
  if known[2] then redis.call('HDEL', view, 'incomplete') end
end

local at = 3
for packet = 1, #KEYS / 2 do
  local count = tonumber(ARGV[at])
  begin(KEYS[2 * packet - 1], KEYS[2 * packet], at + 1, count)
  at = at + count + 1
end
return 1
