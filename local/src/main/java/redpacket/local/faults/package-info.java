/**
 * A whole pipeline that can be broken. {@link redpacket.local.faults.BreakablePipeline} runs it. Each
 * {@link redpacket.local.faults.Fault} breaks a part of it and repairs it again, while a {@link redpacket.local.faults.Load}
 * sends grabs.
 */
package redpacket.local.faults;
