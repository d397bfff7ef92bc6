package io.sluice.acceptor.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.HostPort;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LeaderSearchTest {

  private static final HostPort A = new HostPort("a", 1);
  private static final HostPort B = new HostPort("b", 1);
  private static final HostPort C = new HostPort("c", 1);
  private static final HostPort ELSEWHERE = new HostPort("elsewhere", 1);

  private final Set<HostPort> away = new HashSet<>();
  private final LeaderSearch search =
      new LeaderSearch(List.of(A, B, C), 0, writer -> !away.contains(writer));

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void firstIsTheGuess() {
    assertThat(search.lead().writer()).isEqualTo(A);
    assertThat(search.proven()).isFalse();
    search.heard(search.lead());
    assertThat(search.proven()).isTrue();
    assertThat(search.doubted()).isFalse();
  }

  @Test
  void whoIsNamedIsNextAtOnceAndNotAskedFor() {
    assertThat(search.notLeading(search.lead(), ELSEWHERE, 5)).isTrue();
    assertThat(search.lead()).isEqualTo(new Lead(ELSEWHERE, 1, 5));
    assertThat(search.proven()).isFalse();
    assertThat(search.doubted()).isFalse();
  }

  @Test
  void whoIsNamedAndCannotBeReachedIsNextAndAskedFor() {
    away.add(C);
    search.notLeading(search.lead(), C, 5);
    assertThat(search.lead().writer()).isEqualTo(C);
    assertThat(search.doubted()).isTrue();
  }

  @Test
  void whatIsSaidOfAnEarlierLeadIsOldNews() {
    Lead first = search.lead();
    search.notLeading(first, B, 0);
    Lead second = search.lead();
    assertThat(search.notLeading(first, C, 0)).isFalse();
    assertThat(search.lost(first, 0)).isFalse();
    search.heard(first);
    search.doubt(first);
    assertThat(search.lead()).isEqualTo(second);
    assertThat(search.proven()).isFalse();
    assertThat(search.doubted()).isFalse();
  }

  @Test
  void twoThatPointAtEachOtherAreTriedOnceEachAndThenTheThird() {
    search.notLeading(search.lead(), B, 0);
    search.notLeading(search.lead(), A, 0);
    assertThat(search.lead().writer()).isEqualTo(C);
    assertThat(search.lead().notBeforeNanos()).isPositive();
    assertThat(search.doubted()).isTrue();
  }

  @Test
  void whoIsLostIsFollowedByTheNextThatCanBeReached() {
    away.add(A);
    away.add(B);
    search.lost(search.lead(), 0);
    assertThat(search.lead().writer()).isEqualTo(C);
    assertThat(search.doubted()).isTrue();
  }

  @Test
  void roundsTakeLongerUpToATenthOfASecondUntilSomebodyAnswers() {
    long longest = 0;
    for (int i = 0; i < 100; i++) {
      search.notLeading(search.lead(), null, 0);
      longest = Math.max(longest, search.lead().notBeforeNanos());
      assertThat(search.lead().notBeforeNanos()).isBetween(millis(20), millis(100));
    }
    assertThat(longest).isEqualTo(millis(100));
    search.heard(search.lead());
    for (int i = 0; i < 4; i++) {
      search.notLeading(search.lead(), null, 0);
      assertThat(search.lead().notBeforeNanos()).isEqualTo(millis(20));
    }
  }

  @Test
  void claimsAreFollowedWhileInDoubtOnly() {
    search.heard(search.lead());
    assertThat(search.claimed(B, 2, 0)).isFalse();
    search.doubt(search.lead());
    assertThat(search.claimed(A, 2, 0)).describedAs("the same").isFalse();
    assertThat(search.claimed(B, 3, 7)).isTrue();
    assertThat(search.lead()).isEqualTo(new Lead(B, 1, 7));
  }

  @Test
  void claimsOfAnOlderTermAreNotFollowed() {
    search.doubt(search.lead());
    search.claimed(B, 5, 0);
    assertThat(search.claimed(C, 4, 0)).isFalse();
    assertThat(search.claimed(C, 6, 0)).isTrue();
  }

  /** Until an election begins the others name who is gone. */
  @Test
  void whoIsGoneIsTriedOnceForAClaim() {
    away.add(A);
    search.lost(search.lead(), 0);
    assertThat(search.claimed(A, 5, 0)).isTrue();
    search.lost(search.lead(), 0);
    assertThat(search.claimed(A, 5, 0)).isFalse();
    away.remove(A);
    assertThat(search.claimed(A, 5, 0)).describedAs("it is back").isTrue();
  }

  @Test
  void onlyWriterIsTheLeaderWhateverItSays() {
    LeaderSearch only = new LeaderSearch(List.of(A), 0, writer -> false);
    assertThat(only.proven()).isTrue();
    only.lost(only.lead(), 0);
    only.notLeading(only.lead(), A, 0);
    assertThat(only.lead().writer()).isEqualTo(A);
  }

  static LongStream seeds() {
    return LongStream.range(0, 2_000);
  }

  /**
   * Writers that know of an election late, name who is gone, or nobody, that die, hang and come
   * back. Who has no doubts has to notice first that its leader says nothing. In some seeds Writers
   * cannot be asked, and none hangs.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void leaderIsSoonFoundAndNobodyIsOverrun(long seed) {
    Model model = new Model(new Random(seed));
    for (int step = 0; step < 20; step++) {
      model.disturb();
      model.run(millis(model.random.nextInt(2_000)));
      model.settle();
      long from = model.now;
      int sends = model.sends;
      long most = millis(model.tells ? model.search.doubted() ? 250 : 1_150 : 3_000);
      while (!model.found()) {
        model.run(millis(1));
        assertThat(model.now - from).describedAs("seed %d", seed).isLessThan(most);
      }
      assertThat(model.sends - sends).isLessThan(50);
      assertThat((double) model.sends / (1 + model.now / millis(100)))
          .describedAs("sends in a tenth of a second, seed %d", seed)
          .isLessThan(15);
    }
  }

  /** Virtual time, in steps of a millisecond. */
  private static final class Model {
    private final Random random;
    private final List<HostPort> writers;
    private final Set<HostPort> away = new HashSet<>();
    private final Set<HostPort> hanging = new HashSet<>();
    private final HostPort[] known;
    private final long[] terms;
    private final boolean tells;
    private final LeaderSearch search;
    private @Nullable HostPort leader;
    private long term = 1;
    private long now;
    private long nextAsk;
    private long triedAt;
    private @Nullable Lead tried;
    private boolean answered;
    private int sends;

    Model(Random random) {
      this.random = random;
      int count = 2 + random.nextInt(8);
      this.writers = IntStream.range(0, count).mapToObj(i -> new HostPort("w" + i, 1)).toList();
      this.known = new HostPort[count];
      this.terms = new long[count];
      this.tells = random.nextInt(4) != 0;
      this.search = new LeaderSearch(writers, 0, writer -> !away.contains(writer));
    }

    /** What each knows may be anything that was true once. */
    void disturb() {
      leader = null;
      away.clear();
      hanging.clear();
      for (int i = 0; i < writers.size(); i++) {
        switch (random.nextInt(5)) {
          case 0 -> away.add(writers.get(i));
          case 1 -> {
            if (tells) {
              hanging.add(writers.get(i));
            }
          }
          case 2 -> known[i] = null;
          default -> {}
        }
        if (known[i] != null && random.nextInt(3) == 0) {
          known[i] = writers.get(random.nextInt(writers.size()));
        }
      }
    }

    /** An election has ended, and a majority knows it. */
    void settle() {
      int chosen = random.nextInt(writers.size());
      leader = writers.get(chosen);
      term++;
      away.remove(leader);
      hanging.remove(leader);
      for (int i = 0; i < writers.size(); i++) {
        if (i == chosen || random.nextInt(3) != 0) {
          known[i] = leader;
          terms[i] = term;
        }
      }
      answered = false;
    }

    boolean found() {
      return answered && search.lead().writer().equals(leader);
    }

    void run(long nanos) {
      for (long end = now + nanos; now < end; now += millis(1)) {
        send();
        if (now >= nextAsk && search.doubted() && tells) {
          nextAsk = now + millis(100);
          ask();
        }
      }
    }

    private void send() {
      Lead lead = search.lead();
      if (now < lead.notBeforeNanos()) {
        return;
      }
      if (tried == null || tried.number() != lead.number()) {
        tried = lead;
        triedAt = now;
        sends++;
      }
      HostPort to = lead.writer();
      if (away.contains(to)) {
        if (now - triedAt >= millis(250)) {
          search.lost(lead, now);
        }
      } else if (hanging.contains(to)) {
        if (now - triedAt >= millis(1_000)) {
          search.doubt(lead);
        }
      } else if (to.equals(leader)) {
        search.heard(lead);
        answered = true;
      } else {
        HostPort named = known[writers.indexOf(to)];
        search.notLeading(lead, to.equals(named) ? null : named, now);
      }
    }

    private void ask() {
      for (int i = 0; i < writers.size(); i++) {
        HostPort claimed = known[i];
        if (claimed != null
            && !away.contains(writers.get(i))
            && !hanging.contains(writers.get(i))) {
          search.claimed(claimed, terms[i], now);
        }
      }
    }
  }
}
