package io.sluice.bench.record;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Chooses a request's words, of as many as its {@link Variety} says. What is plain takes of the
 * random numbers just what it took before there was variety, so that a seed's bytes stay.
 */
record Words(RandomGenerator random, Variety variety) {

  /** The name of a service: of letters, digits and dashes. */
  String service() {
    int number = random.nextInt(Vocabulary.SERVICES.size() * variety.services());
    String name = Vocabulary.SERVICES.get(number % Vocabulary.SERVICES.size());
    int more = number / Vocabulary.SERVICES.size();
    return more == 0 ? name : name + "-" + more;
  }

  /** One of a list's, or of those like them. */
  String one(List<String> words) {
    return like(Vocabulary.pick(words, random));
  }

  /** The word, or one like it. */
  String like(String word) {
    int other = variety.values() == 1 ? 0 : random.nextInt(variety.values());
    return other == 0 ? word : word + "-" + other;
  }

  /** From 0 to below that, or that many times as many. */
  int below(int bound) {
    return random.nextInt(bound * variety.values());
  }
}
