package redpacket.simulation;

/**
 * One step of a history. It does what it can in the state that it finds, so any step can be left out.
 *
 * @param seed of all that is left to chance until the next step
 * @param millis that pass before it
 */
record Step(Happening kind, long seed, int millis) {}
