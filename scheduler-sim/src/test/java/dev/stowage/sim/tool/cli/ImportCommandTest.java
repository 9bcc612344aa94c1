package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Output of other systems, in the forms that they print, becomes the files of a plan. */
class ImportCommandTest {
  private static final String[] NO_WORDS = {};

  /** A topic of which one partition is being moved from broker 1 to broker 4. */
  private static final String TOPICS =
      """
      Topic: orders\tTopicId: 5Xm4WOcWTNiuGYpIN1PRFA\tPartitionCount: 2\tReplicationFactor: 2\tConfigs: segment.bytes=1073741824,retention.ms=86400000
      \tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1,2\tElr: \tLastKnownElr: \n\
      \tTopic: orders\tPartition: 1\tLeader: 2\tReplicas: 4,2,1\tIsr: 2,1\tAdding Replicas: 4\tRemoving Replicas: 1\tElr: \tLastKnownElr: \n\
      Topic: audit\tTopicId: r9uDPPxYQ7q8i3OUU5-y4A\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: \n\
      \tTopic: audit\tPartition: 0\tLeader: 3\tReplicas: 3,1,2\tIsr: 3,2\tElr: \tLastKnownElr: \n\
      """;

  private static final String LOG_DIRS =
      """
      Querying brokers for log directories information
      Received log directory information from brokers 1,2,3,4
      {"version":1,"brokers":[\
      {"broker":1,"logDirs":[{"logDir":"/kafka","error":null,"partitions":[\
      {"partition":"orders-0","size":1000,"offsetLag":0,"isFuture":false},\
      {"partition":"orders-1","size":700,"offsetLag":0,"isFuture":false},\
      {"partition":"audit-0","size":10,"offsetLag":9,"isFuture":false}]}]},\
      {"broker":2,"logDirs":[{"logDir":"/kafka","error":null,"partitions":[\
      {"partition":"orders-0","size":990,"offsetLag":0,"isFuture":false},\
      {"partition":"orders-1","size":700,"offsetLag":0,"isFuture":false},\
      {"partition":"__consumer_offsets-3","size":5,"offsetLag":0,"isFuture":false},\
      {"partition":"audit-0","size":500,"offsetLag":0,"isFuture":false}]}]},\
      {"broker":3,"logDirs":[{"logDir":"/kafka","error":null,"partitions":[\
      {"partition":"audit-0","size":500,"offsetLag":0,"isFuture":false},\
      {"partition":"audit-0","size":9000,"offsetLag":0,"isFuture":true}]}]},\
      {"broker":4,"logDirs":[{"logDir":"/kafka","error":null,"partitions":[]}]}]}
      """;

  private static final String GENERATED =
      """
      Current partition replica assignment
      {"version":1,"partitions":[{"topic":"orders","partition":0,"replicas":[1,2],"log_dirs":["any","any"]},{"topic":"orders","partition":1,"replicas":[2,3],"log_dirs":["any","any"]}]}

      Proposed partition reassignment configuration
      {"version":1,"partitions":[{"topic":"orders","partition":0,"replicas":[3,4],"log_dirs":["any","any"]},{"topic":"orders","partition":1,"replicas":[4,1],"log_dirs":["any","any"]}]}
      """;

  private static final String SHARDS =
      """
      index      shard prirep state         docs store ip       node
      logs-2024  0     p      STARTED      12000 1.2gb 10.0.0.1 es-1
      logs-2024  0     r      STARTED      12000 1.1gb 10.0.0.2 es-2
      logs-2024  1     p      RELOCATING    9000 800mb 10.0.0.1 es-1 -> 10.0.0.3 4XsXaLqRSQW8YzKQ2M4wQw es-3
      logs-2024  1     r      INITIALIZING             10.0.0.2 es-2
      audit      0     p      STARTED         10   5kb 10.0.0.3 es-3
      audit      0     r      UNASSIGNED                        \n\
      """;

  private static final String NODES =
      """
      name     node.role disk.total
      es-1     cdfhilmrstw    500gb
      es-2     dimr           500gb
      es-3     d                1tb
      master-1 m               20gb
      """;

  private static final String DUMP =
      """
      {"pg_ready":true,"pg_map":{"version":12,"pg_stats":[
      {"pgid":"1.0","state":"active+clean","up":[0,1],"acting":[0,1],"up_primary":0,"stat_sum":{"num_bytes":4096,"num_objects":2,"num_object_copies":4}},
      {"pgid":"1.a","state":"active+remapped+backfilling","up":[2,1],"acting":[0,1],"up_primary":2,"stat_sum":{"num_bytes":8192,"num_objects":2,"num_object_copies":4}},
      {"pgid":"2.0","state":"active+undersized+degraded","up":[0,2147483647,2],"acting":[0,2147483647,2],"up_primary":0,"stat_sum":{"num_bytes":3,"num_objects":1,"num_object_copies":3}}],
      "osd_stats":[]}}
      """;

  private static final String TREE =
      """
      {"nodes":[
      {"id":-1,"name":"default","type":"root","type_id":11,"reweight":-1,"kb":300,"children":[-5,-3]},
      {"id":-3,"name":"host-a","type":"host","type_id":1,"reweight":-1,"kb":200,"children":[1,0]},
      {"id":0,"device_class":"ssd","name":"osd.0","type":"osd","type_id":0,"crush_weight":1,"depth":2,"reweight":1,"kb":1000,"kb_used":4,"status":"up"},
      {"id":1,"device_class":"ssd","name":"osd.1","type":"osd","type_id":0,"crush_weight":1,"depth":2,"reweight":1,"kb":1000,"kb_used":12,"status":"up"},
      {"id":-5,"name":"host-b","type":"host","type_id":1,"reweight":-1,"kb":100,"children":[2,3]},
      {"id":2,"device_class":"ssd","name":"osd.2","type":"osd","type_id":0,"crush_weight":1,"depth":2,"reweight":1,"kb":1000,"kb_used":8,"status":"up"},
      {"id":3,"device_class":"ssd","name":"osd.3","type":"osd","type_id":0,"crush_weight":1,"depth":2,"reweight":0,"kb":1000,"kb_used":0,"status":"up"}],
      "stray":[],"summary":{"total_kb":4000}}
      """;

  private static final String FSCK =
      """
      Connecting to namenode via http://nn:9870/fsck?ugi=hdfs&files=1&blocks=1&locations=1&path=%2F
      FSCK started by hdfs (auth:SIMPLE) from /10.0.0.9 for path / at Mon Jan 08 10:00:00 UTC 2024

      / <dir>
      /data <dir>
      /data/part one.csv 300 bytes, replicated: replication=2, 2 block(s):  OK
      0. BP-929597290-10.0.0.9-1439573305237:blk_1073741825_1001 len=200 Live_repl=2  [DatanodeInfoWithStorage[10.0.0.1:9866,DS-1a,DISK], DatanodeInfoWithStorage[10.0.0.2:9866,DS-2a,DISK]]
      1. BP-929597290-10.0.0.9-1439573305237:blk_1073741826_1002 len=100 Live_repl=2  [DatanodeInfoWithStorage[10.0.0.3:9866,DS-3a,DISK], DatanodeInfoWithStorage[10.0.0.2:9866,DS-2a,DISK]]

      /data/short 50 bytes, replicated: replication=3, 1 block(s):  Under replicated BP-929597290-10.0.0.9-1439573305237:blk_1073741827_1003. Target Replicas is 3 but found 1 live replica(s), 0 decommissioned replica(s), 0 decommissioning replica(s).
      0. BP-929597290-10.0.0.9-1439573305237:blk_1073741827_1003 len=50 Live_repl=1  [DatanodeInfoWithStorage[10.0.0.1:9866,DS-1a,DISK]]

      /ec/wide 900 bytes, erasure-coded: policy=RS-6-3-1024k, 1 block(s):  OK
      0. BP-929597290-10.0.0.9-1439573305237:blk_-9223372036854775792_1004 len=900 Live_repl=9  [blk_-9223372036854775792:DatanodeInfoWithStorage[10.0.0.1:9866,DS-1a,DISK], blk_-9223372036854775791:DatanodeInfoWithStorage[10.0.0.2:9866,DS-2a,DISK]]

      /empty 0 bytes, replicated: replication=3, 0 block(s):  OK

      Status: HEALTHY
       Number of data-nodes:\t3
       Number of racks:\t\t1
       Total dirs:\t\t\t3

      FSCK ended at Mon Jan 08 10:00:01 UTC 2024 in 5 milliseconds


      The filesystem under path '/' is HEALTHY
      """;

  private static final String IDEAL_STATE =
      """
      {"id":"MyDB",
       "simpleFields":{"IDEAL_STATE_MODE":"AUTO","NUM_PARTITIONS":"3","REBALANCE_MODE":"SEMI_AUTO","REPLICAS":"2","STATE_MODEL_DEF_REF":"MasterSlave"},
       "listFields":{"MyDB_0":["n1_12913","n2_12913"],"MyDB_1":["n2_12913","n3_12913"],"MyDB_2":["n3_12913","n1_12913"]},
       "mapFields":{"MyDB_0":{"n1_12913":"MASTER","n2_12913":"SLAVE"},"MyDB_1":{"n1_12913":"SLAVE","n2_12913":"MASTER","n3_12913":"OFFLINE"}}}
      """;

  private static final String INSTANCES =
      """
      [{"id":"n1_12913","simpleFields":{"HELIX_HOST":"n1","HELIX_PORT":"12913","HELIX_ENABLED":"true","DOMAIN":"zone=a,rack=r1"},"listFields":{"TAG_LIST":["fast"]},"mapFields":{}},
       {"id":"n2_12913","simpleFields":{"HELIX_HOST":"n2","HELIX_PORT":"12913","HELIX_ENABLED":"true","DOMAIN":"zone=a,rack=r2"},"listFields":{},"mapFields":{}},
       {"id":"n3_12913","simpleFields":{"HELIX_HOST":"n3","HELIX_PORT":"12913","HELIX_ENABLED":"true","DOMAIN":"zone=b,rack=r1"},"listFields":{},"mapFields":{}}]
      """;

  private static final String COPIES =
      """
      file,bucket,bytes,host,disk,rack,want
      a.mp4,video,64MiB,h1,1TB,r1,2
      a.mp4,video,64MiB,h2,1TB,r2,2
      b.mp4,video,10MB,h2,1TB,r2,1
      """;

  private static final String MAP =
      "chunk_id=file,dataset=bucket,size_bytes=bytes,worker_id=host,capacity_bytes=disk,zone=rack,"
          + "floor=want";

  @TempDir Path folder;
  private PlanRunner stowage;

  @BeforeEach
  void openFolder() {
    stowage = new PlanRunner(folder);
  }

  /** Imports into the folder {@code fleet}: names and texts of files first, then options. */
  private int read(String format, List<String> texts, String... options) {
    List<String> words = new ArrayList<>(List.of("import", format));
    for (int at = 0; at < texts.size(); at++) {
      stowage.write("source-" + at, texts.get(at));
      words.add(stowage.at("source-" + at));
    }
    words.addAll(List.of(options));
    words.addAll(List.of("--out", stowage.at("fleet")));
    return stowage.run(words);
  }

  private int plan() {
    return stowage.run(
        List.of(
            "plan",
            "--workers",
            stowage.at("fleet/workers.csv"),
            "--chunks",
            stowage.at("fleet/chunks.csv"),
            "--held",
            stowage.at("fleet/held.csv"),
            "--config",
            stowage.at("fleet/plan.yaml"),
            "--out",
            stowage.at("next")));
  }

  private List<String> held() {
    return stowage.rows("fleet", "held.csv").stream()
        .map(row -> {
          List<String> cells = List.of(row.split(","));
          return String.join(
              " ", cells.get(0) + "/" + cells.get(1), cells.get(2), cells.get(3), cells.get(4));
        })
        .toList();
  }

  static Stream<Arguments> documentedForms() {
    return Stream.of(
        form("kafka", 3, 0, List.of(TOPICS, LOG_DIRS), "--capacity", "1MiB"),
        form("kafka", 2, 0, List.of(GENERATED), "--capacity", "1MiB", "--size", "10kB"),
        form("elasticsearch", 3, 5 * 1024, List.of(SHARDS, NODES)),
        form("ceph", 2, 0, List.of(DUMP, TREE)),
        form("hdfs", 3, 100, List.of(FSCK), "--capacity", "1MB"),
        form("helix", 3, 0, List.of(IDEAL_STATE, INSTANCES), "--capacity", "1MB", "--size", "9kB"),
        form("csv", 2, 0, List.of(COPIES), "--map", MAP));
  }

  private static Arguments form(
      String format, int chunks, long bytesShort, List<String> texts, String... options) {
    return Arguments.of(format, chunks, bytesShort, texts, options);
  }

  /** What the source says is short is copied, and nothing that is held. */
  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("documentedForms")
  void plan_ofAnImport_copiesOnlyWhatIsShort(
      String format, int chunks, long bytesShort, List<String> texts, String[] options) {
    assertThat(read(format, texts, options)).as(stowage.err()).isEqualTo(ExitCode.OK);
    String summary = stowage.out();
    assertThat(plan()).as(stowage.err()).isIn(ExitCode.OK, ExitCode.INFEASIBLE);

    assertThat(stowage.summary("next").path("chunks").asInt()).isEqualTo(chunks);
    assertThat(stowage.summary("next").path("bytes_added").asLong()).isEqualTo(bytesShort);
    assertThat(summary).contains(stowage.summary("next").path("plan_hash").asText());
    assertThat(stowage.text("fleet", "plan.yaml")).contains("movement_budget_bytes: 0\n");
  }

  @Test
  void copies_aboveTheFloor_areWarnedOf() {
    String three =
        """
        dataset,chunk_id,worker_id,size_bytes
        d,x,a,10
        d,x,b,10
        d,x,c,10
        d,y,a,10
        d,y,b,10
        """;
    String[] options = {"--capacity", "1MiB", "--floor", "2"};
    assertThat(read("csv", List.of(three), options)).as(stowage.err()).isZero();
    assertThat(stowage.err())
        .contains("chunks with more copies than their floor")
        .contains(": 1 (d/x)");
    options[3] = "3";
    assertThat(read("csv", List.of(three), options)).as(stowage.err()).isZero();
    assertThat(stowage.err()).doesNotContain("more copies than their floor");
  }

  @Test
  void kafka_partitionBeingMoved_isComingAndGoing() {
    assertThat(read("kafka", List.of(TOPICS, LOG_DIRS), "--capacity", "1MiB")).isZero();
    assertThat(held())
        .containsExactlyInAnyOrder(
            "orders/0 1 assigned true",
            "orders/0 2 assigned true",
            "orders/1 1 superseded true",
            "orders/1 2 assigned true",
            "orders/1 4 assigned false",
            "audit/0 1 assigned false",
            "audit/0 2 assigned true",
            "audit/0 3 assigned true");
    assertThat(stowage.text("fleet", "chunks.csv"))
        .contains("orders,0,0,0,1000,", "orders,1,1,1,700,", "audit,0,0,0,500,");
    assertThat(stowage.text("fleet", "plan.yaml"))
        .contains("\"orders\":\n    - {from: 0, weight: 1, floor: 2,")
        .contains("\"audit\":\n    - {from: 0, weight: 1, floor: 3,");
  }

  @Test
  void kafka_ofAGeneratedReassignment_theCurrentOneCounts() {
    read("kafka", List.of(GENERATED), "--capacity", "1MiB", "--size", "1kB");
    assertThat(held())
        .containsExactlyInAnyOrder(
            "orders/0 1 assigned true",
            "orders/0 2 assigned true",
            "orders/1 2 assigned true",
            "orders/1 3 assigned true");
  }

  @Test
  void elasticsearch_shardInMotion_isComingAndGoing() {
    read("elasticsearch", List.of(SHARDS, NODES));
    assertThat(held())
        .containsExactlyInAnyOrder(
            "logs-2024/0 es-1 assigned true",
            "logs-2024/0 es-2 assigned true",
            "logs-2024/1 es-1 superseded true",
            "logs-2024/1 es-3 assigned false",
            "logs-2024/1 es-2 assigned false",
            "audit/0 es-3 assigned true");
    assertThat(stowage.err()).contains("left out nodes whose roles hold no data: 1 (master-1)");
    assertThat(stowage.text("fleet", "chunks.csv")).contains("logs-2024,0,0,0,1288490189,");
    assertThat(stowage.text("fleet", "workers.csv"))
        .contains("es-3,1099511627776,")
        .doesNotContain("master-1");
  }

  @Test
  void elasticsearch_asJson_saysTheSame() {
    read("elasticsearch", List.of(SHARDS, NODES));
    List<String> ofText = held();
    String shards =
        """
        [{"index":"logs-2024","shard":"0","prirep":"p","state":"STARTED","docs":"12000","store":"1.2gb","ip":"10.0.0.1","node":"es-1"},
        {"index":"logs-2024","shard":"0","prirep":"r","state":"STARTED","docs":"12000","store":"1.1gb","ip":"10.0.0.2","node":"es-2"},
        {"index":"logs-2024","shard":"1","prirep":"p","state":"RELOCATING","docs":"9000","store":"800mb","ip":"10.0.0.1","node":"es-1 -> 10.0.0.3 4XsXaLqRSQW8YzKQ2M4wQw es-3"},
        {"index":"logs-2024","shard":"1","prirep":"r","state":"INITIALIZING","docs":null,"store":null,"ip":"10.0.0.2","node":"es-2"},
        {"index":"audit","shard":"0","prirep":"p","state":"STARTED","docs":"10","store":"5kb","ip":"10.0.0.3","node":"es-3"},
        {"index":"audit","shard":"0","prirep":"r","state":"UNASSIGNED","docs":null,"store":null,"ip":null,"node":null}]\
        """;
    String nodes =
        """
        [{"name":"es-1","node.role":"d","disk.total":"500gb"},{"name":"es-2","node.role":"d","disk.total":"500gb"},
        {"name":"es-3","node.role":"d","disk.total":"1tb"}]\
        """;
    assertThat(read("elasticsearch", List.of(shards, nodes))).as(stowage.err()).isZero();
    assertThat(held()).isEqualTo(ofText);
  }

  @Test
  void ceph_groupBeingBackfilled_isComingAndGoing_andErasureCodedPoolsAreLeftOut() {
    read("ceph", List.of(DUMP, TREE));
    assertThat(held())
        .containsExactlyInAnyOrder(
            "1/1.0 osd.0 assigned true",
            "1/1.0 osd.1 assigned true",
            "1/1.a osd.0 superseded true",
            "1/1.a osd.1 assigned true",
            "1/1.a osd.2 assigned false");
    assertThat(stowage.err())
        .contains("left out erasure coded pools, whose parts are no copies: 1 (2)");
    assertThat(stowage.text("fleet", "workers.csv"))
        .contains("osd.0,1024000,default/host-a,")
        .containsPattern("osd\\.3,1024000,default/host-b,.*leaving");
  }

  @Test
  void ceph_withItsPools_namesThem() {
    String pools =
        """
        [{"pool_id":1,"pool_name":"rbd","type":1,"size":2},{"pool_id":2,"pool_name":"cold","type":3,"size":3}]\
        """;
    String flat =
        DUMP.replace("{\"pg_ready\":true,\"pg_map\":", "")
            .replace("\"osd_stats\":[]}}", "\"osd_stats\":[]}");
    assertThat(read("ceph", List.of(flat, TREE, pools))).as(stowage.err()).isZero();
    assertThat(held()).contains("rbd/1.0 osd.0 assigned true");
    assertThat(stowage.err()).contains("whose parts are no copies: 1 (cold)");
  }

  @Test
  void hdfs_file_isADatasetOfItsBlocks() {
    read("hdfs", List.of(FSCK), "--capacity", "1MB");
    assertThat(held())
        .contains(
            "/data/part one.csv/blk_1073741825 10.0.0.1:9866 assigned true",
            "/data/short/blk_1073741827 10.0.0.1:9866 assigned true")
        .hasSize(5);
    assertThat(stowage.text("fleet", "chunks.csv"))
        .contains("/data/part one.csv,blk_1073741826,1,1,100,");
    assertThat(stowage.err())
        .contains("left out erasure coded files, whose parts are no copies: 1 (/ec/wide)");
  }

  @Test
  void hdfs_replicaDetailsAndRacks_areRead() {
    String details =
        FSCK.replace("DS-1a,DISK]", "DS-1a,DISK](DECOMMISSIONING)")
            .replace("DS-2a,DISK]", "DS-2a,DISK](LIVE)");
    assertThat(read("hdfs", List.of(details), "--capacity", "1MB")).as(stowage.err()).isZero();
    assertThat(stowage.text("fleet", "workers.csv"))
        .containsPattern("10\\.0\\.0\\.1:9866,1000000,.*leaving");
    String racks = FSCK.replaceAll("DatanodeInfoWithStorage\\[([^,]*),[^]]*]", "/rack-1/$1");
    assertThat(read("hdfs", List.of(racks), "--capacity", "1MB")).as(stowage.err()).isZero();
    assertThat(stowage.text("fleet", "workers.csv")).contains("10.0.0.3:9866,1000000,rack-1,");
  }

  @Test
  void helix_mapBesideAList_saysWhoHoldsAndWhoIsTo() {
    read("helix", List.of(IDEAL_STATE, INSTANCES), "--capacity", "1MB", "--size", "1kB");
    assertThat(held())
        .contains(
            "MyDB/MyDB_1 n1_12913 superseded true",
            "MyDB/MyDB_1 n2_12913 assigned true",
            "MyDB/MyDB_1 n3_12913 assigned false",
            "MyDB/MyDB_2 n3_12913 assigned true")
        .hasSize(7);
    assertThat(stowage.text("fleet", "workers.csv")).contains("n1_12913,1000000,a/r1,\"\",fast,");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refusal(
            "kafka",
            GENERATED.substring(0, 200),
            ":2: expected the end of the JSON document that begins in line 2, found the end of the"
                + " file: the output was cut off"),
        refusal(
            "kafka",
            TOPICS.lines().limit(2).reduce("", (a, b) -> a + b + "\n"),
            ":1: PartitionCount: expected 2 lines of partitions, found 1: cut off?"),
        refusal(
            "kafka",
            TOPICS.substring(0, TOPICS.length() - 40),
            ": expected the end of the line, found the end of the file: the output was cut off"),
        refusal(
            "kafka",
            TOPICS.replace("Isr: 1,2", "Isr: 1,7"),
            ":2: Isr: expected brokers of Replicas, found '7'"),
        refusal(
            "kafka",
            "{\"topics\":[]}",
            ":1: expected JSON with partitions (an assignment) or brokers (log directories), found"
                + " neither"),
        refusal(
            "kafka",
            GENERATED.replace("\"replicas\":[2,3]", "\"replicas\":[2,2]"),
            ": partitions[1].replicas[1]: expected each worker once"),
        refusal(
            "kafka",
            GENERATED,
            ": partitions[0]: expected the size of each chunk; give --size SIZE or --sizes FILE,"
                + " found none for 2 chunks, such as orders/0"),
        refusal(
            "elasticsearch",
            SHARDS.replace("logs-2024  1", "logs-2024  7"),
            "expected the shards from 0 on without a gap, found logs-2024/7"),
        refusal(
            "elasticsearch",
            SHARDS.lines().limit(4).reduce("", (a, b) -> a + b + "\n"),
            "expected 2 rows for each shard of an index, found 1 for logs-2024/1: cut off?"),
        refusal(
            "elasticsearch",
            SHARDS.replace("RELOCATING  ", "TELEPORTING "),
            ":4: state: expected STARTED, RELOCATING, INITIALIZING or UNASSIGNED, found"
                + " 'TELEPORTING'"),
        refusal("ceph", DUMP.substring(0, 300), "the output was cut off"),
        refusal(
            "ceph",
            DUMP.replace("\"acting\":[0,1],\"up_primary\":0", "\"acting\":[0,x],\"up_primary\":0"),
            ":2: expected well-formed JSON"),
        refusal(
            "hdfs",
            FSCK.substring(0, FSCK.indexOf("Status")),
            "expected 'FSCK ended at ..' of 'hdfs fsck -files -blocks -locations', found the end of"
                + " the file: the output was cut off"),
        refusal(
            "hdfs",
            FSCK.replaceFirst("\\n1\\. BP.*", ""),
            ":6: expected 2 lines of blocks (the option -blocks), found 1: cut off?"),
        refusal(
            "hdfs",
            FSCK.replaceAll("  \\[.*", ""),
            ":7: expected 2 replicas in brackets (the option -locations), found 0: cut off?"),
        refusal(
            "helix",
            IDEAL_STATE.replace("\"3\"", "\"4\""),
            ": simpleFields.NUM_PARTITIONS: expected 3, the partitions in listFields and mapFields,"
                + " found 4"),
        refusal(
            "helix",
            IDEAL_STATE.replace("OFFLINE", "LOADING"),
            ": mapFields.MyDB_1.n3_12913: expected a state of MASTER, "),
        refusal(
            "csv",
            "a,b\n1,2\n",
            ":1: worker_id: expected a column for chunk_id or worker_id, or --map KEY=COLUMN, found"
                + " neither"));
  }

  private static Arguments refusal(String format, String text, String complaint) {
    return Arguments.of(format, text, complaint);
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("refused")
  void source_thatIsCutOffOrContradictory_isRefused(String format, String text, String complaint) {
    assertThat(read(format, List.of(text), NO_WORDS)).as(stowage.out()).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).startsWith(stowage.at("source-0")).contains(complaint);
    assertThat(folder.resolve("fleet")).doesNotExist();
  }

  @Test
  void holder_thatTheSourceDoesNotList_isRefused() {
    String two = NODES.replaceFirst("es-3.*\\n", "");
    assertThat(read("elasticsearch", List.of(SHARDS, two))).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err())
        .contains("source-0:4: expected a worker that the source lists, found 'es-3'");
  }

  @Test
  void sizesAndCapacities_comeFromFiles() {
    stowage.write("sizes.csv", "dataset,chunk_id,size_bytes\norders,0,1MiB\norders,1,2MB\n");
    stowage.write("capacities.csv", "worker_id,capacity_bytes\n1,1GB\n2,1GiB\n3,7\n");
    int code =
        read(
            "kafka",
            List.of(GENERATED),
            "--sizes",
            stowage.at("sizes.csv"),
            "--capacities",
            stowage.at("capacities.csv"));
    assertThat(code).as(stowage.err()).isZero();
    assertThat(stowage.text("fleet", "chunks.csv"))
        .contains("orders,0,0,0,1048576,", "orders,1,1,1,2000000,");
    assertThat(stowage.text("fleet", "workers.csv")).contains("1,1000000000,", "2,1073741824,");
  }
}
