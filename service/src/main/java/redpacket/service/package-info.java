/** What every process that runs for long has in common: it is stopped, it is watched, and it says how it is. */
package redpacket.service;
