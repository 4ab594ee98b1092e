/*
 * A PKCS#11 module whose token can be taken away. Every call goes on to the module at MODULE until the file at SWITCH begins with
 *   R  removed: each call is answered with CKR_DEVICE_REMOVED; when that ends, all sessions are gone, as with a real device;
 *   E  broken: each call is answered with CKR_DEVICE_ERROR, also after, until a fresh copy of this file is loaded;
 *   L  the sessions are gone, and the PIN is locked;
 *   F  the sessions are gone, and the PIN has one try left;
 *   S  slow: each encryption takes 20 ms;
 *   W  waiting: who looks for objects waits until that ends.
 * Of a call that is slow or waits, the file at SWITCH.held tells.
 * No call is under way while sessions are closed. For x86-64, where arguments that a function does not take do no harm.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FUNCTIONS 68
#define GET_SLOT_LIST 4
#define GET_TOKEN_INFO 6
#define CLOSE_ALL_SESSIONS 14
#define LOGIN 18
#define FIND_OBJECTS_INIT 26
#define ENCRYPT_INIT 29
#define FLAGS_AT 96
#define SLOTS 4096

typedef unsigned long ul;
typedef ul (*call)(ul, ul, ul, ul, ul, ul, ul, ul);

struct list {
  unsigned char version[2];
  void *functions[FUNCTIONS];
};

static struct list *real;
static struct list ours;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static char seen = ' ';
static int broken;

static call function(int n) { return (call)real->functions[n]; }

static char state(void) {
  FILE *file = fopen(SWITCH, "r");
  int c = file ? fgetc(file) : ' ';
  if (file) fclose(file);
  return c == EOF ? ' ' : (char)c;
}

static void lose_sessions(void) {
  ul slots[SLOTS], count = SLOTS;
  if (function(GET_SLOT_LIST)(1, (ul)slots, (ul)&count, 0, 0, 0, 0, 0) != 0) abort();
  for (ul i = 0; i < count; i++) function(CLOSE_ALL_SESSIONS)(slots[i], 0, 0, 0, 0, 0, 0, 0);
}

/* What ends when a token comes back or its PIN changes, once for each change. */
static void changed(char now) {
  pthread_rwlock_wrlock(&lock);
  if (seen != now) {
    if (seen == 'R' || now == 'L' || now == 'F') lose_sessions();
    seen = now;
  }
  pthread_rwlock_unlock(&lock);
}

/* Holds a call up, as a token does that is busy. */
static void hold(void) {
  FILE *file = fopen(SWITCH ".held", "w");
  if (file) fclose(file);
  usleep(20000);
}

static ul pass(int n, ul a, ul b, ul c, ul d, ul e, ul f, ul g, ul h) {
  char now = state();
  if (now == 'S' && n == ENCRYPT_INIT) hold();
  while (now == 'W' && n == FIND_OBJECTS_INIT) {
    hold();
    now = state();
  }
  if (now == 'E') broken = 1;
  if (broken) return 0x30;
  if (now != seen) changed(now);
  if (now == 'R') return 0x32;
  if (now == 'L' && n == LOGIN) return 0xA4;
  pthread_rwlock_rdlock(&lock);
  ul answer = function(n)(a, b, c, d, e, f, g, h);
  pthread_rwlock_unlock(&lock);
  if (now == 'F' && n == GET_TOKEN_INFO && answer == 0) *(ul *)(b + FLAGS_AT) |= 0x20000;
  return answer;
}

#define FORWARD(n) \
  static ul f##n(ul a, ul b, ul c, ul d, ul e, ul f, ul g, ul h) { return pass(n, a, b, c, d, e, f, g, h); }
#define TEN(t, X) X(t##0) X(t##1) X(t##2) X(t##3) X(t##4) X(t##5) X(t##6) X(t##7) X(t##8) X(t##9)
#define ALL(X) TEN(, X) TEN(1, X) TEN(2, X) TEN(3, X) TEN(4, X) TEN(5, X) X(60) X(61) X(62) X(63) X(64) X(65) X(66) X(67)
ALL(FORWARD)

ul C_GetFunctionList(struct list **out) {
  if (!real) {
    void *module = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
    ul (*get)(struct list **) = module ? (ul(*)(struct list **))dlsym(module, "C_GetFunctionList") : 0;
    if (!get || get(&real)) return 0x6;
    ours.version[0] = 2;
    ours.version[1] = 40;
#define PUT(n) ours.functions[n] = (void *)f##n;
    ALL(PUT)
    ours.functions[3] = (void *)C_GetFunctionList;
  }
  *out = &ours;
  return 0;
}
