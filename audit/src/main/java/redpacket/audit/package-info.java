/** Proves from the topics alone that the money adds up: knows the contract, and nothing of the topology's code. */
package redpacket.audit;
