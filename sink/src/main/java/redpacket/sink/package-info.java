/** Shows the committed results of the pipeline: a read model in Redis, with an HTTP API and a dashboard. */
package redpacket.sink;
