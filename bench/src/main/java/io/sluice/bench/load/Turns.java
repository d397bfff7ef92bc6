package io.sluice.bench.load;

import java.util.List;
import java.util.Map;

/**
 * What the requests of one lane show, in turn with those of all others: as lanes are as fast as
 * each other, nobody has two turns before all had one.
 *
 * @param all headers of each that has a turn; at least one
 * @param lane whose requests they are
 * @param lanes how many there are
 */
record Turns(List<Map<String, String>> all, int lane, int lanes) {

  Turns {
    all = all.stream().map(Map::copyOf).toList();
  }

  /** Which of all has the lane's request of that number. */
  int at(int number) {
    return (int) (((long) number * lanes + lane) % all.size());
  }
}
