/** Shows what the pipeline committed: a read model in Redis, an HTTP API and a page on top of it. */
package redpacket.sink;
