/** Shared by long-running processes: shutdown by signal, health, metrics, and the HTTP server that serves them. */
package redpacket.service;
