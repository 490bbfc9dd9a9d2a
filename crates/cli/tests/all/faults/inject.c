/* Runs a command and fails one system call of one of its processes, once.
 *
 * inject REPORT EXECS PROCESS NUMBER OCCURRENCE ERRNO COMMAND [ARGUMENT]...
 *
 * strace -e inject counts for each process by itself and cannot name one: the same fault would meet the launcher first.
 * Here a process is named by how it came to be: 0 is the command, 0.2 its second child. Counted is from the EXECSth
 * execve(2) of the command to the one by which a grandchild becomes another program, which is then let go. An ERRNO of 0 kills the
 * process in place of the call, and whoever outlives the command is let go. REPORT gets
 * the command's number, a line for each call, `PROCESS EXECS NUMBER OCCURRENCE`, and `hit` for the one that failed. The exit code is the
 * command's; 200 and the signal when one has ended it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_TRACEES 64
#define MOST_CALLS 512

struct tracee {
	pid_t pid;
	char name[64];
	int children, execs, entered, failing, fresh;
	unsigned short counts[MOST_CALLS];
};

static struct tracee tracees[MOST_TRACEES];
static FILE *report;

static struct tracee *find(pid_t pid)
{
	for (int i = 0; i < MOST_TRACEES; i++)
		if (tracees[i].pid == pid)
			return &tracees[i];
	return NULL;
}

static struct tracee *add(pid_t pid)
{
	struct tracee *tracee = find(pid);
	if (tracee)
		return tracee;
	tracee = find(0);
	if (!tracee) {
		fputs("inject: too many processes\n", stderr);
		exit(99);
	}
	memset(tracee, 0, sizeof *tracee);
	tracee->pid = pid;
	tracee->fresh = 1;
	return tracee;
}

static void go_on(pid_t pid, int signal)
{
	/* A process that is killed meanwhile is no error: it is waited for like any other. */
	ptrace(PTRACE_SYSCALL, pid, 0, (long)signal);
}

static void at_call(struct tracee *tracee, char **arguments)
{
	struct user_regs_struct registers;
	if (ptrace(PTRACE_GETREGS, tracee->pid, 0, &registers))
		return;
	tracee->entered = !tracee->entered;
	if (!tracee->entered) {
		if (tracee->failing) {
			registers.rax = -atol(arguments[6]);
			ptrace(PTRACE_SETREGS, tracee->pid, 0, &registers);
			tracee->failing = 0;
		}
		return;
	}
	unsigned long number = registers.orig_rax;
	/* These cannot fail. */
	if (number == SYS_exit_group || number == SYS_exit || number == SYS_rt_sigreturn)
		return;
	if (number >= MOST_CALLS || tracees[0].execs < atoi(arguments[2]))
		return;
	int occurrence = ++tracee->counts[number];
	int hit = !strcmp(tracee->name, arguments[3]) && number == strtoul(arguments[4], NULL, 10) &&
		  occurrence == atoi(arguments[5]);
	fprintf(report, "%s %d %lu %d%s\n", tracee->name, tracee->execs, number, occurrence, hit ? " hit" : "");
	if (hit && !atol(arguments[6])) {
		kill(tracee->pid, SIGKILL);
	} else if (hit) {
		tracee->failing = 1;
		/* Linux closes a descriptor whatever close(2) answers. */
		if (number != SYS_close)
			registers.orig_rax = -1;
		ptrace(PTRACE_SETREGS, tracee->pid, 0, &registers);
	}
}

int main(int count, char **arguments)
{
	if (count < 8 || !(report = fopen(arguments[1], "we")))
		return 99;
	/* Seized, and not attached to: a child that is born while its parent is killed would be left stopped by the SIGSTOP
	 * that attaching sends, when this program has ended before it saw the child. */
	int gate[2];
	if (pipe2(gate, O_CLOEXEC))
		return 96;
	pid_t command = fork();
	if (command == 0) {
		char byte;
		close(gate[1]);
		if (read(gate[0], &byte, 1) != 1)
			_exit(98);
		execvp(arguments[7], arguments + 7);
		_exit(98);
	}
	int status, code = 97, kills = !atol(arguments[6]);
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
		       PTRACE_O_TRACEEXEC | (kills ? 0 : PTRACE_O_EXITKILL);
	if (ptrace(PTRACE_SEIZE, command, 0, options) || ptrace(PTRACE_INTERRUPT, command, 0, 0) ||
	    waitpid(command, &status, __WALL) != command || write(gate[1], "", 1) != 1) {
		perror("inject: seize");
		kill(command, SIGKILL);
		return 95;
	}
	fprintf(report, "pid %d\n", command);
	strcpy(add(command)->name, "0");
	tracees[0].fresh = 0;
	go_on(command, 0);
	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			break;
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			if (pid == command)
				code = WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
			struct tracee *ended = find(pid);
			if (ended)
				ended->pid = pid == command ? -1 : 0;
			if (pid == command && kills)
				break;
			continue;
		}
		struct tracee *tracee = add(pid);
		int event = status >> 16, signal = WSTOPSIG(status);
		if (event == PTRACE_EVENT_EXEC) {
			tracee->execs++;
			if (strchr(tracee->name, '.') && strchr(strchr(tracee->name, '.') + 1, '.')) {
				ptrace(PTRACE_DETACH, pid, 0, 0);
				tracee->pid = 0;
				continue;
			}
			go_on(pid, 0);
		} else if (event == PTRACE_EVENT_STOP) {
			/* A child's first stop, which may come before its parent tells of it; or a stop of the whole group. */
			if (tracee->fresh && !tracee->name[0]) {
				tracee->fresh = 2;
				continue;
			}
			tracee->fresh = 0;
			go_on(pid, 0);
		} else if (event) {
			unsigned long child = 0;
			ptrace(PTRACE_GETEVENTMSG, pid, 0, &child);
			struct tracee *new = add((pid_t)child);
			snprintf(new->name, sizeof new->name, "%.40s.%d", tracee->name, ++tracee->children);
			go_on(pid, 0);
			/* It may have stopped before its parent told of it. */
			if (new->fresh == 2) {
				new->fresh = 0;
				go_on(new->pid, 0);
			}
		} else if (signal == (SIGTRAP | 0x80)) {
			at_call(tracee, arguments);
			go_on(pid, 0);
		} else {
			go_on(pid, signal);
		}
	}
	fclose(report);
	return code;
}
