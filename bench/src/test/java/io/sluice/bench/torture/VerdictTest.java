package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.audit.AuditResult;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void theLastLineSaysTheWorstOfBothAudits() {
    Verdict verdict = verdict(audit(10, 0, 1), audit(10, 2, 0), List.of());

    assertThat(verdict).hasToString("10 acked, 2 lost, 1 duplicated, longest unavailability 1.5 s");
    assertThat(verdict.clean()).isFalse();
  }

  @Test
  void aFindingIsNotCleanAndNothingAckedIsNeither() {
    assertThat(verdict(audit(1, 0, 0), audit(1, 0, 0), List.of()).clean()).isTrue();
    assertThat(verdict(audit(1, 0, 0), audit(1, 0, 0), List.of("it hangs")).clean()).isFalse();
    assertThat(verdict(audit(0, 0, 0), audit(0, 0, 0), List.of()).clean()).isFalse();
    assertThat(verdict(audit(1, 0, 0), audit(1, 0, 1), List.of()).clean()).isFalse();
    assertThat(verdict(audit(1, 1, 0), audit(1, 0, 0), List.of()).clean()).isFalse();
  }

  private static AuditResult audit(long acked, long lost, long duplicated) {
    return new AuditResult(acked, lost, duplicated, 0, 0, 0, 0, 0, 0, List.of());
  }

  private static Verdict verdict(AuditResult hot, AuditResult persisted, List<String> findings) {
    return new Verdict(hot, persisted, 1.5, 1, findings, Set.of());
  }
}
