package redpacket.gateway;

/** What a token allows. */
enum Role {
    /** To open packets, which spends money. */
    OPENER,
    /** To grab in the name of any user. */
    GRABBER,
    /** To read the results of any user. */
    READER
}
