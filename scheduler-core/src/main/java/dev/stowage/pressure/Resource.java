package dev.stowage.pressure;

/** What can be under strain. The order is the order of the fields of a snapshot. */
public enum Resource {
  /** Share of the network's throughput in use. */
  NETWORK,
  /** Share of the disk's throughput in use. */
  DISK,
  /** Share of the processors in use. */
  CPU,
  /** Share of the memory in use. */
  MEMORY
}
