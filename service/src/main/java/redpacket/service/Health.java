package redpacket.service;

/**
 * How a process is.
 *
 * @param live false when only a restart can help
 * @param ready whether it does its work now
 * @param sentence for people: what it does, or what it waits for
 */
public record Health(boolean live, boolean ready, String sentence) {
    public static Health ready(String sentence) {
        return new Health(true, true, sentence);
    }

    /** It goes on by itself when what it waits for is there. */
    public static Health waiting(String sentence) {
        return new Health(true, false, sentence);
    }

    public static Health dead(String sentence) {
        return new Health(false, false, sentence);
    }
}
