/**
 * A pipeline with faults. {@link redpacket.local.faults.BreakablePipeline} runs the pipeline. Each
 * {@link redpacket.local.faults.Fault} breaks a part of it and repairs it later. Meanwhile a
 * {@link redpacket.local.faults.Load} sends grabs.
 */
package redpacket.local.faults;
