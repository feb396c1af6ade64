/**
 * Options that several commands share, and the sources of their values: command line, environment, properties file, and
 * files with secrets.
 */
package redpacket.options;
