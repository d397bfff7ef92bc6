package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommonSettingsTest {

  private static final String THREE = "--writers=a:1,b:1,c:1";

  @Test
  void loneWriterHasOneLogWhateverItsName() throws Exception {
    CommonSettings one = settings("--writer.id=wilma");
    assertThat(one.logs()).isEqualTo(1);
    assertThat(one.ordinal()).isZero();
    assertThat(one.isReplicated()).isFalse();
    assertThat(one.placement().logs(0)).containsExactly(0);
  }

  @Test
  void threeCopiesAreOfThreeLogs() throws Exception {
    CommonSettings three = settings(THREE, "--writer.id=sluice-writer-2", "--replication-factor=3");
    assertThat(three.logs()).isEqualTo(3);
    assertThat(three.ordinal()).isEqualTo(2);
    assertThat(three.isReplicated()).isTrue();
    assertThat(three.placement().writers(1)).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void logsAreAsManyAsIsSaid() throws Exception {
    CommonSettings some = settings(THREE, "--logs=5", "--writers.zones=x,y,z");
    assertThat(some.zones()).containsExactly("x", "y", "z");
    int placed = 0;
    for (int writer = 0; writer < 3; writer++) {
      placed += some.placement().logs(writer).size();
    }
    assertThat(placed).isEqualTo(5);
  }

  @Test
  void whatDoesNotGoTogetherIsSaidAtOnce() {
    assertThatThrownBy(
            () ->
                settings(
                    "--writers=a:1,a:1",
                    "--writers.zones=x,y,z",
                    "--writer.id=wilma",
                    "--replication-factor=3"))
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "cannot use writer.id: 'wilma' (one of several Writers ends in its place in writers, from 0: writer-0)",
                        "cannot use writers: [a:1, a:1] (one is there twice)",
                        "cannot use replication-factor 3: writers has 2 (name them all, as host:port, ...)",
                        "cannot use writers.zones: it has 3, writers has 2 (name the zone of each)"));
  }

  @Test
  void placeBeyondTheListIsRefused() {
    assertThatThrownBy(() -> settings(THREE, "--writer.id=writer-3"))
        .hasMessageContaining(
            "cannot use writer.id: 'writer-3' (writers has 3: writer-0 to writer-2)");
    for (String id : List.of("writer-03", "writer-99999999999", "writer-", "3")) {
      assertThatThrownBy(() -> settings(THREE, "--writer.id=" + id))
          .hasMessageContaining("ends in its place in writers");
    }
    assertThatCode(() -> settings(THREE, "--writer.id=writer-2")).doesNotThrowAnyException();
  }

  @Test
  void twoCopiesAreNoChoice() {
    assertThatThrownBy(() -> settings(THREE, "--replication-factor=2"))
        .hasMessageContaining("cannot use '2' (one of [1, 3])");
  }

  private static CommonSettings settings(String... flags) throws InvalidSettingsException {
    Settings given = Settings.ofFlags(List.of(flags));
    CommonSettings common = CommonSettings.from(given);
    given.check();
    return common;
  }
}
