/**
 * The options that several commands share, and where their values come from: the command line, the environment, a properties
 * file, a file with a secret.
 */
package redpacket.options;
