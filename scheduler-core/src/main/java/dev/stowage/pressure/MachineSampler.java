package dev.stowage.pressure;

import dev.stowage.columns.Nanos;
import dev.stowage.pressure.PressureSnapshot.Resource;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link PressureSnapshot} from kernel files and the JVM, at the host's pace. A reading is
 * the greatest available share: of processors, busy time ({@code /proc/stat}) and cgroup quota, or
 * else load average by processors; of memory, {@code /proc/meminfo}, cgroup limit without idle file
 * cache, and heap after a collection; of disks, busy time of the busiest ({@code /proc/diskstats}),
 * or else time waited ({@code /proc/pressure/io}); of the network, one-way capacity of the busiest
 * interface ({@code /proc/net/dev}). Rates are means since the preceding sample; the first sample
 * has none. Confined to one thread at a time.
 */
public final class MachineSampler {
  /** Converts microseconds per nanosecond to processors. */
  private static final double MICROS = 1e3;

  private static final List<String> NO_DISK = List.of("loop", "ram", "zram", "sr", "fd");

  private final KernelText kernel;
  private final long linkBytesPerSecond;
  private final CounterRate busy = new CounterRate();
  private final CounterRate all = new CounterRate();
  private final CounterRate quota = new CounterRate();
  private final Map<String, CounterRate> disks = new HashMap<>();
  private final Map<String, CounterRate> links = new HashMap<>();

  /**
   * Creates a sampler; {@code linkBytesPerSecond} is the one-way network capacity, at least 0, or 0
   * to read each interface's own speed.
   */
  public MachineSampler(MachineFiles files, long linkBytesPerSecond) {
    this.kernel = new KernelText(Objects.requireNonNull(files, "files"));
    if (linkBytesPerSecond < 0) {
      throw new IllegalArgumentException(
          "linkBytesPerSecond is " + linkBytesPerSecond + "; at least 0 is accepted");
    }
    this.linkBytesPerSecond = linkBytesPerSecond;
  }

  /** A sample: a snapshot, in which unmeasured resources read 0, and the measured resources. */
  public record Sample(PressureSnapshot snapshot, Set<Resource> measured) {}

  /** Returns a sample, with rates computed from the host's time {@code nowNanos}. */
  public Sample sample(JvmLoad jvm, long nowNanos) {
    EnumMap<Resource, Double> readings = new EnumMap<>(Resource.class);
    keep(readings, Resource.CPU, cpu(jvm, nowNanos));
    keep(readings, Resource.MEMORY, memory(jvm));
    keep(readings, Resource.DISK, disk(nowNanos));
    keep(readings, Resource.NETWORK, network(nowNanos));
    PressureSnapshot snapshot =
        new PressureSnapshot(
            readings.getOrDefault(Resource.NETWORK, 0.0),
            readings.getOrDefault(Resource.DISK, 0.0),
            readings.getOrDefault(Resource.CPU, 0.0),
            readings.getOrDefault(Resource.MEMORY, 0.0),
            nowNanos);
    Set<Resource> measured = EnumSet.noneOf(Resource.class);
    measured.addAll(readings.keySet());
    return new Sample(snapshot, Collections.unmodifiableSet(measured));
  }

  private static void keep(Map<Resource, Double> into, Resource resource, double share) {
    if (!Double.isNaN(share)) {
      into.put(resource, Math.min(1, Math.max(0, share)));
    }
  }

  /** Returns the greater share; NaN stands for an unknown one. */
  private static double greater(double a, double b) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
  }

  private double cpu(JvmLoad jvm, long now) {
    double share = greater(machineCpu(now), groupCpu(now));
    return Double.isNaN(share) && jvm.loadAverage() >= 0
        ? jvm.loadAverage() / jvm.processors()
        : share;
  }

  private double machineCpu(long now) {
    String stat = kernel.first("/proc/stat");
    long total = 0;
    long idle = 0;
    for (int column = 1; column <= 8; column++) {
      long jiffies = KernelText.number(stat, "cpu", column);
      if (jiffies < 0) {
        return Double.NaN;
      }
      total += jiffies;
      idle += column == 4 || column == 5 ? jiffies : 0;
    }
    double spent = all.perNano(total, now);
    double worked = busy.perNano(total - idle, now);
    return spent > 0 ? worked / spent : Double.NaN;
  }

  private double groupCpu(long now) {
    String group = kernel.groupOf("");
    String max = kernel.first("/sys/fs/cgroup" + group + "/cpu.max", "/sys/fs/cgroup/cpu.max");
    String stat = kernel.first("/sys/fs/cgroup" + group + "/cpu.stat", "/sys/fs/cgroup/cpu.stat");
    long usedMicros = KernelText.number(stat, "usage_usec", 1);
    double cores = (double) KernelText.number(max, 0) / KernelText.number(max, 1);
    if (KernelText.number(max, 0) < 0 || usedMicros < 0) {
      String old = kernel.groupOf("cpu");
      cores = (double) oldCpu(old, "cpu.cfs_quota_us") / oldCpu(old, "cpu.cfs_period_us");
      long usedNanos = oldCpu(old, "cpuacct.usage");
      usedMicros = oldCpu(old, "cpu.cfs_quota_us") < 0 || usedNanos < 0 ? -1 : usedNanos / 1000;
    }
    return usedMicros < 0 || !(cores > 0)
        ? Double.NaN
        : quota.perNano(usedMicros, now) * MICROS / cores;
  }

  private long oldCpu(String group, String name) {
    return KernelText.number(
        kernel.first(
            "/sys/fs/cgroup/cpu" + group + "/" + name,
            "/sys/fs/cgroup/cpu/" + name,
            "/sys/fs/cgroup/cpuacct" + group + "/" + name,
            "/sys/fs/cgroup/cpuacct/" + name),
        0);
  }

  private double memory(JvmLoad jvm) {
    double heap =
        jvm.heapMaxBytes() == 0 ? Double.NaN : (double) jvm.heapBytes() / jvm.heapMaxBytes();
    return greater(greater(machineMemory(), groupMemory()), heap);
  }

  private double machineMemory() {
    String info = kernel.first("/proc/meminfo");
    long total = KernelText.number(info, "MemTotal:", 1);
    long available = KernelText.number(info, "MemAvailable:", 1);
    return total <= 0 || available < 0 ? Double.NaN : 1 - (double) available / total;
  }

  private double groupMemory() {
    String group = kernel.groupOf("");
    double share =
        groupMemory("/sys/fs/cgroup" + group, "/sys/fs/cgroup", "memory.current", "memory.max", "");
    String old = kernel.groupOf("memory");
    return greater(
        share,
        groupMemory(
            "/sys/fs/cgroup/memory" + old,
            "/sys/fs/cgroup/memory",
            "memory.usage_in_bytes",
            "memory.limit_in_bytes",
            "total_"));
  }

  private double groupMemory(String own, String root, String used, String limit, String prefix) {
    long bytes = KernelText.number(kernel.first(own + "/" + used, root + "/" + used), 0);
    long most = KernelText.number(kernel.first(own + "/" + limit, root + "/" + limit), 0);
    // Version 1 cgroups write a number beyond any machine's memory if there is no limit.
    if (bytes < 0 || most <= 0 || most > 1L << 60) {
      return Double.NaN;
    }
    String stat = kernel.first(own + "/memory.stat", root + "/memory.stat");
    long idle = Math.max(0, KernelText.number(stat, prefix + "inactive_file", 1));
    return (double) Math.max(0, bytes - idle) / most;
  }

  private double disk(long now) {
    String stats = kernel.first("/proc/diskstats");
    double share = Double.NaN;
    TreeSet<String> seen = new TreeSet<>();
    for (String[] row : KernelText.rows(stats)) {
      long busyMillis = row.length > 12 ? KernelText.number(row[12]) : KernelText.UNKNOWN;
      if (busyMillis >= 0 && NO_DISK.stream().noneMatch(row[2]::startsWith)) {
        seen.add(row[2]);
        CounterRate rate = disks.computeIfAbsent(row[2], name -> new CounterRate());
        share = greater(share, rate.perNano(busyMillis, now) * Nanos.PER_MILLISECOND);
      }
    }
    disks.keySet().retainAll(seen);
    return seen.isEmpty() ? waitingForDisk() : share;
  }

  private double waitingForDisk() {
    for (String[] row : KernelText.rows(kernel.first("/proc/pressure/io"))) {
      if (row[0].equals("some") && row.length > 1 && row[1].matches("avg10=[0-9]+([.][0-9]+)?")) {
        return Double.parseDouble(row[1].substring("avg10=".length())) / 100;
      }
    }
    return Double.NaN;
  }

  private double network(long now) {
    double share = Double.NaN;
    TreeSet<String> seen = new TreeSet<>();
    String text = kernel.first("/proc/net/dev");
    // A large counter may follow the colon without a space.
    for (String[] row : KernelText.rows(text == null ? null : text.replace(":", " : "))) {
      if (row.length < 11 || !row[1].equals(":") || row[0].equals("lo")) {
        continue;
      }
      double most = carries(row[0]);
      if (most > 0) {
        for (int column : new int[] {2, 10}) {
          String key = row[0] + " " + column;
          seen.add(key);
          share = greater(share, carried(key, row[column], now) / most);
        }
      }
    }
    links.keySet().retainAll(seen);
    return share;
  }

  private double carried(String key, String bytes, long now) {
    long count = KernelText.number(bytes);
    return count < 0
        ? Double.NaN
        : links.computeIfAbsent(key, name -> new CounterRate()).perNano(count, now)
            * Nanos.PER_SECOND;
  }

  /** Returns the capacity of an interface in bytes per second; 0 if unknown. */
  private double carries(String link) {
    if (linkBytesPerSecond > 0) {
      return linkBytesPerSecond;
    }
    @Nullable String speed = kernel.first("/sys/class/net/" + link + "/speed");
    return Math.max(0, KernelText.number(speed, 0)) * 1e6 / 8;
  }

  /** Reads small kernel files for the sampler: {@code path -> Files.readString(Path.of(path))}. */
  @FunctionalInterface
  public interface MachineFiles {
    /** A machine without such files. */
    MachineFiles NONE =
        path -> {
          throw new IOException("no files on this machine");
        };

    /** Returns the text at an absolute path; on {@link IOException} it counts as unmeasured. */
    String read(String path) throws IOException;
  }
}
