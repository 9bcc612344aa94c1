package dev.stowage.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stowage.columns.Nanos;
import dev.stowage.pressure.MachineSampler.MachineFiles;
import dev.stowage.pressure.PressureSnapshot.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sampler over folders that look like the kernel's, and over none. */
class MachineSamplerTest {
  private static final long SECOND = Nanos.PER_SECOND;
  private static final JvmLoad JVM = new JvmLoad(1.5, 2, 300, 1_000);

  @TempDir Path root;
  private MachineSampler sampler = new MachineSampler(MachineFiles.NONE, 0);

  @BeforeEach
  void readFromTheFolder() {
    sampler = new MachineSampler(path -> Files.readString(root.resolve(path.substring(1))), 0);
  }

  private void write(String path, String text) {
    try {
      Path file = root.resolve(path.substring(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void withoutAnyFile_onlyTheJavaMachineIsMeasured() {
    MachineSampler.Sample sample = new MachineSampler(MachineFiles.NONE, 0).sample(JVM, 5);
    assertThat(sample.measured()).containsExactlyInAnyOrder(Resource.CPU, Resource.MEMORY);
    assertThat(sample.snapshot()).isEqualTo(new PressureSnapshot(0, 0, 0.75, 0.3, 5));
    assertThat(
            new MachineSampler(MachineFiles.NONE, 0).sample(new JvmLoad(-1, 1, 0, 0), 5).measured())
        .isEmpty();
  }

  @Test
  void processors_areMeasuredBetweenTwoSamples() {
    write("/proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 1 1 1 1\n");
    assertThat(sampler.sample(JVM, 0).snapshot().cpu()).isEqualTo(0.75);
    write("/proc/stat", "cpu  150 0 110 820 20 0 0 0 0 0\n");
    assertThat(sampler.sample(JVM, SECOND).snapshot().cpu()).isEqualTo(0.6, within(1e-12));
    assertThat(sampler.sample(JVM, SECOND).snapshot().cpu()).isEqualTo(0.6, within(1e-12));
    write("/proc/stat", "cpu  1 0 1 8 0 0 0 0\n");
    assertThat(sampler.sample(JVM, 2 * SECOND).snapshot().cpu())
        .as("a counter that began anew is not a rate")
        .isEqualTo(0.75);
  }

  @Test
  void aQuotaOfAContainer_countsAboveAnIdleMachine() {
    write("/proc/stat", "cpu  0 0 0 1000 0 0 0 0\n");
    write("/proc/self/cgroup", "0::/pod/a\n");
    write("/sys/fs/cgroup/pod/a/cpu.max", "50000 100000\n");
    write("/sys/fs/cgroup/pod/a/cpu.stat", "usage_usec 1000000\nuser_usec 1\n");
    sampler.sample(JVM, 0);
    write("/proc/stat", "cpu  100 0 0 1900 0 0 0 0\n");
    write("/sys/fs/cgroup/pod/a/cpu.stat", "usage_usec 1450000\nuser_usec 1\n");
    assertThat(sampler.sample(JVM, SECOND).snapshot().cpu())
        .as("0.45 s of half a processor's second")
        .isEqualTo(0.9, within(1e-9));
  }

  @Test
  void theOldControlGroups_areReadToo() {
    write("/proc/self/cgroup", "4:cpu,cpuacct:/docker/x\n9:memory:/docker/x\n");
    write("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000\n");
    write("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    write("/sys/fs/cgroup/cpuacct/cpuacct.usage", "0\n");
    write("/sys/fs/cgroup/memory/docker/x/memory.usage_in_bytes", "900\n");
    write("/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", "1000\n");
    write("/sys/fs/cgroup/memory/docker/x/memory.stat", "total_inactive_file 100\n");
    assertThat(sampler.sample(JVM, 0).snapshot().memory()).isEqualTo(0.8);
    write("/sys/fs/cgroup/cpuacct/cpuacct.usage", "1000000000\n");
    assertThat(sampler.sample(JVM, SECOND).snapshot().cpu()).isEqualTo(0.5, within(1e-9));
    write("/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(sampler.sample(JVM, 2 * SECOND).snapshot().memory()).isEqualTo(0.3);
  }

  @Test
  void memory_isTheTightestOfMachineContainerAndHeap() {
    write("/proc/meminfo", "MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable: 450 kB\n");
    assertThat(sampler.sample(JVM, 0).snapshot().memory()).isEqualTo(0.55);
    write("/sys/fs/cgroup/memory.current", "900\n");
    write("/sys/fs/cgroup/memory.max", "max\n");
    assertThat(sampler.sample(JVM, 1).snapshot().memory()).isEqualTo(0.55);
    write("/sys/fs/cgroup/memory.max", "1000\n");
    write("/sys/fs/cgroup/memory.stat", "anon 5\ninactive_file 200\n");
    assertThat(sampler.sample(JVM, 2).snapshot().memory()).isEqualTo(0.7);
    assertThat(sampler.sample(new JvmLoad(0, 1, 95, 100), 3).snapshot().memory()).isEqualTo(0.95);
  }

  @Test
  void disk_isTheBusiestDevice_orWaitingWhereDevicesAreHidden() {
    write(
        "/proc/pressure/io", "some avg10=12.50 avg60=0.00 avg300=0.00 total=9\nfull avg10=1.00\n");
    assertThat(sampler.sample(JVM, 0).snapshot().disk()).isEqualTo(0.125);
    write("/proc/diskstats", disks(100, 1_000));
    assertThat(sampler.sample(JVM, SECOND).measured()).doesNotContain(Resource.DISK);
    write("/proc/diskstats", disks(150, 1_800));
    assertThat(sampler.sample(JVM, 2 * SECOND).snapshot().disk()).isEqualTo(0.8, within(1e-9));
  }

  private static String disks(long a, long b) {
    return "   8       0 sda 1 0 1 0 1 0 1 0 0 "
        + a
        + " 0\n"
        + " 259       0 nvme0n1 1 0 1 0 1 0 1 0 0 "
        + b
        + " 0 0 0 0 0 0\n"
        + "   7       0 loop0 1 0 1 0 1 0 1 0 0 "
        + 99 * b
        + " 0\n";
  }

  @Test
  void network_isTheBusiestDirection_byTheInterfacesSpeedOrTheHostsWord() {
    write("/sys/class/net/eth0/speed", "80\n");
    write("/sys/class/net/wifi/speed", "-1\n");
    write("/proc/net/dev", links(0, 0));
    assertThat(sampler.sample(JVM, 0).measured()).doesNotContain(Resource.NETWORK);
    write("/proc/net/dev", links(2_000_000, 7_000_000));
    assertThat(sampler.sample(JVM, SECOND).snapshot().network()).isEqualTo(0.7, within(1e-9));
    MachineSampler stated =
        new MachineSampler(path -> Files.readString(root.resolve(path.substring(1))), 1_000_000);
    stated.sample(JVM, 0);
    write("/proc/net/dev", links(2_000_000, 7_250_000));
    assertThat(stated.sample(JVM, SECOND).snapshot().network()).isEqualTo(0.25, within(1e-9));
  }

  private static String links(long received, long sent) {
    return "Inter-|   Receive    |  Transmit\n"
        + " face |bytes packets errs drop fifo frame compressed multicast|bytes packets\n"
        + "    lo: 999999999999 1 0 0 0 0 0 0 99999999999 1 0 0 0 0 0 0\n"
        + "  eth0:"
        + received
        + " 1 0 0 0 0 0 0 "
        + sent
        + " 1 0 0 0 0 0 0\n"
        + "  wifi:"
        + received
        + " 1 0 0 0 0 0 0 "
        + 9
        + " 1 0 0 0 0 0 0\n";
  }

  @Property(seed = "1")
  void whateverTheFilesSay_everyReadingIsAShare(
      @ForAll String text, @ForAll long firstAt, @ForAll long secondAt) {
    MachineSampler odd = new MachineSampler(path -> text, 0);
    odd.sample(JVM, firstAt);
    PressureSnapshot snapshot = odd.sample(JVM, secondAt).snapshot();
    assertThat(snapshot.suspect()).isEmpty();
  }

  @Test
  void thisMachine_canBeSampled() {
    MachineSampler here = new MachineSampler(path -> Files.readString(Path.of(path)), 0);
    here.sample(JvmLoad.measured(), 0);
    MachineSampler.Sample second = here.sample(JvmLoad.measured(), SECOND);
    assertThat(second.snapshot().suspect()).isEmpty();
    assertThat(second.measured()).contains(Resource.MEMORY);
  }
}
