package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that says nothing, or two things at once, is refused where it says so. */
class PlanBadInputTest {
  private static final String CHUNKS =
      "dataset,chunk_id,first_block,last_block,size_bytes,visible\nd,x,0,9,10,true\n";

  @TempDir Path folder;
  private PlanRunner stowage;

  @BeforeEach
  void writeSmallFleet() {
    stowage = new PlanRunner(folder);
    stowage.write("workers.csv", "worker_id,capacity_bytes,zone\na,100,z\nb,100,y\n");
    stowage.write("chunks.csv", CHUNKS);
    stowage.write("held.csv", "dataset,chunk_id,worker_id\n");
    stowage.write("plan.yaml", "");
  }

  private int plan() {
    return stowage.plan(
        "out", "--held", stowage.at("held.csv"), "--config", stowage.at("plan.yaml"));
  }

  private void assertRefused(String file, String complaint) {
    assertThat(plan()).as(stowage.out()).isEqualTo(ExitCode.INPUT);
    assertThat(stowage.err()).startsWith(stowage.at(file) + complaint);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "min_replication",
        "max_replication",
        "max_per_domain",
        "saturation",
        "spread",
        "balance_slack",
        "factors",
        "factor_margin",
        "previous_factors",
        "movement_budget_bytes",
        "movement_budget_replicas",
        "worker_in_bytes",
        "worker_out_bytes",
        "weight_policy",
        "planner",
        "threads",
        "pins",
        "bans"
      })
  void key_withNothingBehindIt_isRefused(String key) {
    for (String nothing : new String[] {"", " null", " ~"}) {
      stowage.write("plan.yaml", "# rules\n" + key + ":" + nothing + "\n");
      assertRefused("plan.yaml", ":2: " + key + ": expected ");
      assertThat(stowage.err()).endsWith(", found nothing" + System.lineSeparator());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{from: 0, weight: 1, floor: }|floor: expected a whole number from 1",
        "{from: 0, weight: 1, max: null}|max: expected a count of at least 1",
        "{from: 0, weight: 1, min_version: }|min_version: expected major.minor.patch",
        "{from: 0, weight: 1, labels: }|labels: expected a list of labels",
        "{from: 0, weight: 1, labels: [ssd, ' ']}|labels: expected a list of labels, none of them"
            + " empty or blank, found ' '",
        "{from: 0, weight: 1, labels: [ssd, null]}|labels: expected a list of labels, none of them"
            + " empty or blank, found nothing",
        "{from: 0, weight: 1, labels: 'a;;b'}|labels: expected a list of labels",
        "{from: , weight: 1}|from: expected a whole number",
      })
  void segment_withNothingBehindAKey_isRefused(String segment, String complaint) {
    stowage.write("plan.yaml", "weight_policy: {d: [" + segment + "]}\n");
    assertRefused("plan.yaml", ":1: weight_policy.d[0]." + complaint);
  }

  @Test
  void weightPolicy_ofADatasetThatNoChunkHas_isRefused() {
    stowage.write(
        "plan.yaml",
        "weight_policy:\n  d: [{from: 0, weight: 1}]\n  dd: [{from: 0, weight: 1}]\n  ee: []\n");
    String expected = ": weight_policy: expected datasets of listed chunks, found ";
    assertRefused("plan.yaml", ":3" + expected + "'dd'");
    assertThat(stowage.err()).contains(":4" + expected + "'ee'");
  }

  @Test
  void weightPolicy_whileChunksCannotBeRead_isNotBlamedForThem() {
    stowage.write("chunks.csv", CHUNKS.replace("10,true", "ten,true"));
    stowage.write("plan.yaml", "weight_policy: {d: [{from: 0, weight: 1}]}\n");
    assertRefused("chunks.csv", ":2: size_bytes: expected");
    assertThat(stowage.err()).doesNotContain("weight_policy");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 5, -5})
  void segments_thatBeginAtOneBlock_areRefused(long from) {
    stowage.write(
        "plan.yaml",
        "weight_policy:\n  d:\n  - {from: "
            + from
            + ", weight: 1}\n  - {from: 7, weight: 2}\n  - {from: "
            + from
            + ", weight: 3}\n");
    assertRefused(
        "plan.yaml",
        ":5: weight_policy.d[2].from: expected a block at which no other segment of the dataset"
            + " begins, found "
            + from
            + ", as in segment [0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\u00a0", "eu/ /hall", " /x", "eu/\u2003"})
  void zone_ofBlanksAlone_isRefused(String zone) {
    stowage.write("workers.csv", "worker_id,capacity_bytes,zone\na,100," + zone + "\n");
    assertRefused(
        "workers.csv",
        ":2: zone: expected 1 to 512 characters without control characters, no part of a path empty"
            + " or blank, found '"
            + zone
            + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x;;y", ";x", "x;", " ", "x; ;y", ";"})
  void labels_withAnEmptyEntry_areRefused(String labels) {
    String complaint =
        ":2: labels: expected labels separated by ';', none of them empty or blank, found '"
            + labels
            + "'";
    stowage.write("workers.csv", "worker_id,capacity_bytes,labels\na,100," + labels + "\n");
    assertRefused("workers.csv", complaint);
    stowage.write("workers.csv", "worker_id,capacity_bytes,labels\na,100,x;y\n");
    stowage.write(
        "chunks.csv",
        "dataset,chunk_id,first_block,last_block,size_bytes,labels\nd,x,0,9,10," + labels + "\n");
    assertRefused("chunks.csv", complaint);
  }

  @Test
  void replaces_withAnEmptyEntry_isRefused() {
    stowage.write(
        "chunks.csv",
        "dataset,chunk_id,first_block,last_block,size_bytes,visible,replaces\n"
            + "d,x,0,9,10,true,\nd,y,10,19,10,true,\nd,z,0,19,10,,x;;y\n");
    assertRefused("chunks.csv", ":4: replaces: expected ids of other chunks of the dataset");
  }

  @ParameterizedTest
  @CsvSource({
    "assigned,,true,'drained: expected true only for draining replicas, found true for one that is"
        + " assigned'",
    "superseded,,true,'drained: expected true only for draining replicas, found true for one that"
        + " is superseded'",
    "draining,true,,'routed: expected true only for replicas that are not draining, found true for"
        + " one that is draining'",
  })
  void heldRow_thatContradictsItself_isRefused(
      String state, String routed, String drained, String complaint) {
    stowage.write(
        "held.csv",
        "dataset,chunk_id,worker_id,state,routed,drained\nd,x,a,"
            + state
            + ","
            + (routed == null ? "" : routed)
            + ","
            + (drained == null ? "" : drained)
            + "\n");
    assertRefused("held.csv", ":2: " + complaint);
  }

  /** A quorum policy routes to workers that have not reported yet. */
  @Test
  void heldRow_thatIsRoutedAndNotPossessed_isRead() {
    stowage.write(
        "held.csv", "dataset,chunk_id,worker_id,possessed,routed\nd,x,a,false,true\nd,x,b,,\n");
    assertThat(plan()).as(stowage.err()).isEqualTo(ExitCode.OK);
  }

  /** In the cases below {@code ;} ends a line and {@code T} is a tab. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pins: [;|:2: expected well-formed YAML, found the end of the file in column 1, where a"
            + " value belongs",
        "threads: [1|:1: expected well-formed YAML, found the end of the file in column 12, where"
            + " ',' or ']' belongs: the '[' opened in line 1 in column 10 is never closed",
        "pins: [a, b;bans: [c]|:2: expected well-formed YAML, found ':' in column 5, where ',' or"
            + " ']' belongs: the '[' opened in line 1 in column 7 is not closed before it",
        "previous_factors: {1: 2;threads: 1|:2: expected well-formed YAML, found ':' in column 8,"
            + " where ',' or '}' belongs: the '{' opened in line 1 in column 19 is not closed"
            + " before it",
        "threads: 1;Tspread: zone|:2: expected well-formed YAML, found a tab in column 1, where"
            + " blanks belong",
        "threads: 1;spread: \"zone;factors: whole|:2: expected well-formed YAML, found a quote"
            + " opened in column 9 that is never closed",
        "spread: 'zone|:1: expected well-formed YAML, found a quote opened in column 9 that is"
            + " never closed",
        "threads: 1; spread: zone|:2: expected well-formed YAML, found ':' in column 8, where no"
            + " key can be: a line may be indented too far, or a value with ': ' in it may lack its"
            + " quotes",
        "threads: 1;spread;|:2: expected well-formed YAML, found 'spread' in column 1 with no ':'"
            + " behind it",
        "spread: @zone|:1: expected well-formed YAML, found '@zone' in column 9, which begins no"
            + " value unless it is in quotes",
        "threads: 1;- spread|:2: expected well-formed YAML, found '-' in column 1, which does not"
            + " continue what begins in line 1",
        "threads: ]|:1: expected well-formed YAML, found ']' in column 10, where a value belongs",
        "[a]: b|:1: expected well-formed YAML, found a key that is not a single value",
        "threads: 1;spread: \u0001z|:2: expected well-formed YAML, found the control character"
            + " '\\u0001' in column 9",
        "[1]|:1: expected keys with values, found a list",
        "just text|:1: expected keys with values, found a single value",
      })
  void yaml_thatIsNone_isSaidInPlainWords(String text, String complaint) {
    stowage.write("plan.yaml", text.replace(';', '\n').replace('T', '\t'));
    assertRefused("plan.yaml", complaint + System.lineSeparator());
  }

  @Test
  void yaml_withAnAnchorAndAliases_namesEachOnce() {
    stowage.write("plan.yaml", "pins: &a [*a, *a]\n");
    assertRefused("plan.yaml", ":1: expected values that are written out, found the anchor '&a'");
    assertThat(stowage.err().lines()).hasSize(3).doesNotHaveDuplicates();
    assertThat(stowage.err()).contains("found the alias '*a' in column 11");
  }

  @Test
  void row_withAQuoteThatIsNeverClosed_isRefusedByItsLine() {
    stowage.write("workers.csv", "worker_id,capacity_bytes,zone\na,100,\"z\nb,100,y\n");
    assertRefused("workers.csv", ":2: expected well-formed CSV, found a quote opened in line 2");
  }

  @ParameterizedTest
  @CsvSource({
    "plan --threads,1,2147483647",
    "demo --workers,1,10000",
    "walk --steps,1,100000",
    "walk --minutes,1,153722867",
  })
  void option_thatIsNoWholeNumber_isRefusedWithItsRange(String command, long least, long most) {
    String[] words = command.split(" ");
    for (String text : new String[] {"x", "1.5", "", "0x1", "99999999999999999999"}) {
      int code = stowage.run(List.of(words[0], words[1] + "=" + text));
      assertThat(code).isEqualTo(ExitCode.USAGE);
      assertThat(stowage.err())
          .contains(
              "Invalid value for option '"
                  + words[1]
                  + "': '"
                  + text
                  + "' is not a whole number from "
                  + least
                  + " to "
                  + most);
    }
  }
}
