package dev.stowage.pressure;

import dev.stowage.shape.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The strain on one machine at one time, as its host measured it.
 *
 * <p>The components keep what the host passed. Every rule goes through {@link #reading(Resource)},
 * which reads a value that is NaN, infinite or outside 0 to 1 as 1.0, full strain; {@link
 * #suspect()} names those.
 *
 * @param network strain of the network, meant to be in 0 to 1
 * @param disk strain of the disk, meant to be in 0 to 1
 * @param cpu strain of the processors, meant to be in 0 to 1
 * @param memory strain of the memory, meant to be in 0 to 1
 * @param measuredAtNanos when it was measured, in the caller's nanoseconds
 */
public record PressureSnapshot(
    double network, double disk, double cpu, double memory, long measuredAtNanos) {
  /** Pressure above this, in any resource, is high. */
  public static final double HIGH_PRESSURE = 0.8;

  /** The fields, as they were passed. */
  public static final Shape<PressureSnapshot> SHAPE =
      Shape.of(
          "pressure",
          row -> {
            var network = row.real("network", PressureSnapshot::network);
            var disk = row.real("disk", PressureSnapshot::disk);
            var cpu = row.real("cpu", PressureSnapshot::cpu);
            var memory = row.real("memory", PressureSnapshot::memory);
            var at = row.number("measured_at_nanos", PressureSnapshot::measuredAtNanos);
            return v ->
                new PressureSnapshot(
                    network.realOf(v), disk.realOf(v), cpu.realOf(v), memory.realOf(v), at.of(v));
          });

  /** No strain at all, measured at time 0. */
  public static final PressureSnapshot NONE = new PressureSnapshot(0, 0, 0, 0, 0);

  /** What a rule reads: the component, or 1.0 where the component cannot be a reading. */
  public double reading(Resource resource) {
    double value = raw(resource);
    if (!isReading(value)) {
      return 1.0;
    }
    return value + 0.0;
  }

  /** The greatest of the four readings, 0 to 1. */
  public double maxPressure() {
    double first = Math.max(reading(Resource.NETWORK), reading(Resource.DISK));
    return Math.max(first, Math.max(reading(Resource.CPU), reading(Resource.MEMORY)));
  }

  /** Whether the greatest reading is above {@value #HIGH_PRESSURE}; exactly that is not high. */
  public boolean hasHighPressure() {
    return maxPressure() > HIGH_PRESSURE;
  }

  /** Whether the network's reading is greater than each of the other three. */
  public boolean networkDominant() {
    double network = reading(Resource.NETWORK);
    return network > reading(Resource.DISK)
        && network > reading(Resource.CPU)
        && network > reading(Resource.MEMORY);
  }

  /** The resources whose component cannot be a reading and reads as full strain. */
  public Set<Resource> suspect() {
    EnumSet<Resource> suspects = EnumSet.noneOf(Resource.class);
    for (Resource resource : Resource.values()) {
      if (!isReading(raw(resource))) {
        suspects.add(resource);
      }
    }
    return suspects;
  }

  /** Returns a sentence for each resource that is {@link #suspect}. */
  public List<String> complaints() {
    return suspect().stream()
        .map(it -> it + " is " + raw(it) + "; 0 to 1 are accepted, it counts as 1")
        .toList();
  }

  /** Bit n is set if the n-th resource is suspect; the same as {@link #suspect()}, for records. */
  public int suspectBits() {
    int bits = isReading(network) ? 0 : 1;
    bits |= isReading(disk) ? 0 : 2;
    bits |= isReading(cpu) ? 0 : 4;
    return bits | (isReading(memory) ? 0 : 8);
  }

  /** Returns the component as the host passed it. */
  public double raw(Resource resource) {
    return switch (resource) {
      case NETWORK -> network;
      case DISK -> disk;
      case CPU -> cpu;
      case MEMORY -> memory;
    };
  }

  private static boolean isReading(double value) {
    return value >= 0.0 && value <= 1.0;
  }
}
