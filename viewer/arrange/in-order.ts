/**
 * Answers may come in another order than they were asked for. To be called for each question; what it gives
 * says, when the answer comes, whether it is newer than all that came before.
 */
export function inOrder(): () => () => boolean {
  let asked = 0;
  let told = 0;
  return () => {
    asked += 1;
    const own = asked;
    return () => {
      if (own < told) return false;
      told = own;
      return true;
    };
  };
}
