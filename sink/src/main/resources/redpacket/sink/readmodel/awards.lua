-- Adds awards to the winners of their packets, run by run; a run is of one packet, one share after the other.
-- KEYS  of each run: winners (list: the share with index i is at i), view (hash)
-- ARGV  milliseconds to keep an open packet, and a closed one; then of each run: how many awards, index of the first share;
--       then of each of its awards: offset of its grab, cents, text for the list. That ends with the share's index and that
--       offset, and to it are added the cents so far, and index and cents of the luckiest so far: what the next award needs.
-- Returns the numbers of the runs before which shares are missing; of these nothing is written.

local function add(winners, view, first, last, index)
  local held = redis.call('LINDEX', winners, -1)
  local heldIndex, upTo, cents, luckiest, luckiestCents
  if held then
    heldIndex, upTo, cents, luckiest, luckiestCents =
        string.match(held, '^%S+ %S+ %d+ %d+ (%d+) (%d+) (%d+) (%d+ (%d+))$')
    -- A packet's awards come in the order of their grabs, so what is not behind the last one is in the list.
    upTo = tonumber(upTo)
    while tonumber(ARGV[first]) <= upTo do
      first, index = first + 3, index + 1
      if first > last then return true end
    end
  end

  if index == 0 then
    -- The first packet of this id, or the id was forgotten and is used again.
    if held then redis.call('DEL', winners) end
    cents, luckiestCents = 0, 0
  elseif held and tonumber(heldIndex) == index - 1 then
    cents, luckiestCents = tonumber(cents), tonumber(luckiestCents)
  else
    return redis.call('HEXISTS', view, 'incomplete') == 1 -- known to be: only a rebuild mends it
  end

  local entries = {}
  for at = first, last, 3 do
    local shareCents = tonumber(ARGV[at + 1])
    cents = cents + shareCents
    if shareCents > luckiestCents then
      luckiestCents, luckiest = shareCents, index + #entries .. ' ' .. ARGV[at + 1]
    end
    entries[#entries + 1] = string.format('%s %.0f %s', ARGV[at + 2], cents, luckiest)
  end
  redis.call('RPUSH', winners, unpack(entries))
  if index == 0 then
    local known = redis.call('HMGET', view, 'closedAtMillis', 'incomplete')
    redis.call('PEXPIRE', winners, known[1] and ARGV[2] or ARGV[1])
    if known[2] then redis.call('HDEL', view, 'incomplete') end
  end
  return true
end

local missing, at = {}, 3
for run = 1, #KEYS / 2 do
  local first = at + 2
  at = first + 3 * tonumber(ARGV[at])
  if not add(KEYS[2 * run - 1], KEYS[2 * run], first, at - 1, tonumber(ARGV[first - 1])) then
    missing[#missing + 1] = run
  end
end
return missing
