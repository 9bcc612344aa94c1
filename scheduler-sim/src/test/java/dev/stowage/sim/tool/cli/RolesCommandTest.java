package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.storage.postgres.StoreRoles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolesCommandTest {
  @TempDir Path folder;

  @Test
  void roles_printsTheScriptOfTheStore() {
    PlanRunner stowage = new PlanRunner(folder);
    assertThat(stowage.run(List.of("roles", "--schema", "fleet_eu", "--prefix", "eu")))
        .isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).isEqualTo(StoreRoles.sql("fleet_eu", "eu"));
  }

  @Test
  void roles_withoutOptions_areNamedAfterTheDefaultSchema() {
    PlanRunner stowage = new PlanRunner(folder);
    assertThat(stowage.run(List.of("roles"))).isEqualTo(ExitCode.OK);
    assertThat(stowage.out()).isEqualTo(StoreRoles.sql("stowage", "stowage"));
  }

  @Test
  void name_thatIsNone_isRefused() {
    PlanRunner stowage = new PlanRunner(folder);
    assertThat(stowage.run(List.of("roles", "--prefix", "a'b"))).isEqualTo(ExitCode.USAGE);
    assertThat(stowage.err()).contains("prefix is 'a'b'");
  }
}
