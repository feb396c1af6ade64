package redpacket.service;

/**
 * The state of a process.
 *
 * @param live false if the process needs a restart
 * @param ready whether the process does its work at present
 * @param sentence what the process does, or waits for, in words for people
 */
public record Health(boolean live, boolean ready, String sentence) {
    public static Health ready(String sentence) {
        return new Health(true, true, sentence);
    }

    /** The process continues by itself once it has what it waits for. */
    public static Health waiting(String sentence) {
        return new Health(true, false, sentence);
    }

    public static Health dead(String sentence) {
        return new Health(false, false, sentence);
    }
}
