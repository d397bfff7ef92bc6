package io.sluice.writer.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordRowsTest {

  private record Added(long position, long rows, long bytes) {}

  @Test
  void sumsAreThoseOfAPlainListWhereverItIsCut() {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      RecordRows rows = new RecordRows();
      List<Added> all = new ArrayList<>();
      long position = random.nextInt(3) == 0 ? 1L << 40 : 0;
      for (int i = 0; i < 60; i++) {
        position += 1 + random.nextInt(i % 7 == 0 ? 1_000_000 : 3);
        Added added = new Added(position, 1 + random.nextInt(20_000), 1L + random.nextInt(1 << 30));
        all.add(added);
        rows.add(added.position, added.rows, added.bytes);
      }
      long cut = all.get(random.nextInt(60)).position + random.nextInt(3) - 1;
      RecordRows joined = all(all.subList(0, 20));
      joined.addAll(all(all.subList(20, 60)));
      for (int i = 0; i < 60; i += 3) {
        long to = all.get(i).position;
        assertThat(rows.between(cut, to)).isEqualTo(sum(all, cut, to));
        assertThat(joined.between(cut, to)).isEqualTo(sum(all, cut, to));
        RecordRows.Sum rest = rows.above(cut).between(0, to);
        assertThat(rest.rows()).isEqualTo(sum(all, cut, to).rows());
        assertThat(rest.bytes()).isEqualTo(sum(all, cut, to).bytes());
      }
    }
  }

  private static RecordRows all(List<Added> list) {
    RecordRows rows = new RecordRows();
    list.forEach(added -> rows.add(added.position, added.rows, added.bytes));
    return rows;
  }

  private static RecordRows.Sum sum(List<Added> all, long from, long to) {
    List<Added> in = all.stream().filter(a -> a.position > from && a.position <= to).toList();
    long last = in.isEmpty() ? from : in.get(in.size() - 1).position - 1;
    return new RecordRows.Sum(
        in.stream().filter(a -> a.rows > 0).findFirst().map(a -> a.position - 1).orElse(last),
        in.stream().mapToLong(Added::rows).sum(),
        in.stream().mapToLong(Added::bytes).sum());
  }
}
