package dev.stowage.pressure;

/** A resource under strain, in the order of a snapshot's components. */
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
