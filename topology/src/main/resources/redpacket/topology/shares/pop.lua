-- Returns n entries from the cursor on, separated by blanks. Repeating it returns the same.
-- Returns an empty string when it has moved as many entries as it may at once: ask again.
-- Returns nil when the queue is not whole and no entries are given to fill it.
-- KEYS shares, popped
-- ARGV cursor, n, total, step, milliseconds to live, longest entry, 1 to fill the queue even if it is whole,
--   [all entries]
-- Keys are written as KEYS[i] where they are used, because proxies of cloud providers require it.
local cursor, n, total, step = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local millisToLive, longest, anew = ARGV[5], tonumber(ARGV[6]), ARGV[7] == '1'
local GIVEN = 7 -- the arguments before the entries
local PUSH = 5000 -- Lua's stack takes fewer than 8,000 values at a time

-- A key that holds anything but a list makes the queue not whole.
local waiting, done = redis.pcall('LLEN', KEYS[1]), redis.pcall('LLEN', KEYS[2])
local whole = type(waiting) == 'number' and type(done) == 'number' and waiting + done == total
if anew or not whole then
  if #ARGV == GIVEN then return false end
  -- Only if there is something: after this, Redis would no longer refuse the push when its memory is full.
  if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then redis.call('UNLINK', KEYS[1], KEYS[2]) end
  for from = GIVEN + 1, #ARGV, PUSH do
    redis.call('RPUSH', KEYS[1], unpack(ARGV, from, math.min(from + PUSH - 1, #ARGV)))
  end
  redis.call('PEXPIRE', KEYS[1], millisToLive)
  done = 0
end

local missing = cursor + n - done
if missing > 0 then
  local moved = math.min(missing, step)
  local head = redis.call('LRANGE', KEYS[1], 0, moved - 1)
  -- Taken before given: so a pop, which needs no memory, goes on when the memory is full.
  redis.call('LTRIM', KEYS[1], moved, -1)
  for from = 1, moved, PUSH do
    redis.call('RPUSH', KEYS[2], unpack(head, from, math.min(from + PUSH - 1, moved)))
  end
  if done == 0 then redis.call('PEXPIRE', KEYS[2], millisToLive) end
  if moved < missing then return '' end
end
local entries = table.concat(redis.call('LRANGE', KEYS[2], cursor, cursor + n - 1), ' ')
-- Values of others may be of any size, and the topology has to keep the reply in memory. No entry is empty.
return #entries > 0 and #entries <= n * longest and entries or ' '
