/**
 * A whole pipeline to be broken: {@link redpacket.local.faults.BreakablePipeline} runs it, every
 * {@link redpacket.local.faults.Fault} breaks a part of it and heals it again, while a
 * {@link redpacket.local.faults.Load} keeps it busy.
 */
package redpacket.local.faults;
