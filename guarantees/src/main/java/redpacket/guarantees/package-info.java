/** The promises of the pipeline. The tests of this package check them. */
package redpacket.guarantees;
