# What suites have in common. A suite starts with `plan COUNT`, prints `ok - NAME` or `not ok - NAME` that often, and comments.
#
# A denial proves nothing unless the same attempt succeeds where no policy holds it. So `prevented` and `harmless` make each attempt in two
# cgroups: first in `neighbour`, which nobody has put policies in force for, as the control; then in $box. Each is a result of its own.

cgroups=/sys/fs/cgroup
mkdir -p $cgroups/neighbour

# plan COUNT: how many results the suite is to have. The first process of the machine counts them.
plan() { echo "# plan $1"; }

# inside CGROUP COMMAND...: runs a command in a cgroup.
inside() {
    cgroup=$1
    shift
    sh -c 'echo $$ >/sys/fs/cgroup/'"$cgroup"'/cgroup.procs && exec "$@"' sh "$@"
}

# is EXPECTED SEEN NAME
is() {
    if [ "$1" = "$2" ]; then echo "ok - $3"; else echo "not ok - $3"; echo "# expected '$1', saw '$2'"; fi
}

# holds NAME COMMAND...: the command succeeds.
holds() {
    name=$1
    shift
    if "$@" >/tmp/.holds 2>&1; then echo "ok - $name"; else echo "not ok - $name"; echo "# $* failed"; sed 's/^/# /' /tmp/.holds; fi
}

# fails NAME COMMAND...
fails() {
    name=$1
    shift
    if "$@" >/tmp/.holds 2>&1; then echo "not ok - $name"; echo "# $* succeeded"; else echo "ok - $name"; fi
}

# attempted CGROUP NAME SIGN ATTEMPT...: what came of an attempt, and whether its sign was seen from outside: "ok yes", "EPERM no".
#
# The sign is one that `attempt --see` knows, a shell command after `!`, or - where there is none. A NAME that is - stays what it is.
attempted() {
    # shellcheck disable=SC3043
    cgroup=$1
    as=$2
    sign=$3
    shift 3
    if [ "$as" = - ]; then as=attempt; fi
    case $sign in
        -) attempt --in "$cgroup" --as "$as" "$@" ;;
        !*)
            seen=$(attempt --in "$cgroup" --as "$as" "$@")
            if eval "${sign#!}" >/dev/null 2>&1; then echo "$seen yes"; else echo "$seen no"; fi
            ;;
        *) attempt --in "$cgroup" --as "$as" --see "$sign" "$@" ;;
    esac
}

# control NAME AS SIGN ATTEMPT...: the attempt succeeds where no policies are in force; or denials of it would prove nothing.
control() {
    control_name=$1
    expected="ok yes"
    if [ "$3" = - ]; then expected=ok; fi
    shift
    is "$expected" "$(attempted neighbour "$@")" "$control_name is possible without policies"
}

# permitted NAME AS SIGN ATTEMPT...: it succeeds in $box.
permitted() {
    permitted_name=$1
    expected="ok yes"
    if [ "$3" = - ]; then expected=ok; fi
    shift
    is "$expected" "$(attempted "$box" "$@")" "$permitted_name is permitted"
}

# prevented NAME AS SIGN ATTEMPT...: it fails with EPERM in $box and leaves no sign.
prevented() {
    control "$@"
    prevented_name=$1
    expected="EPERM no"
    if [ "$3" = - ]; then expected=EPERM; fi
    shift
    is "$expected" "$(attempted "$box" "$@")" "$prevented_name is prevented"
}

# harmless NAME AS SIGN ATTEMPT...: whatever it answers in $box, there is no sign of it.
harmless() {
    control "$@"
    harmless_name=$1
    shift
    seen=$(attempted "$box" "$@")
    is no "${seen##* }" "$harmless_name comes to nothing"
}

# without NAME REASON: an attempt that this kernel has no way to make counts as two results that were skipped.
without() {
    echo "ok - $1 is possible without policies # SKIP $2"
    echo "ok - $1 is prevented # SKIP $2"
}

# enforce CGROUP POLICIES [OPTION...]: makes a cgroup and puts policies in force for it.
enforce() {
    mkdir -p "$cgroups/$1"
    cgroup=$1
    policies=$2
    shift 2
    cedarc sandbox attach --cgroup "$cgroups/$cgroup" --prepared "/tests/$policies" "$@" >/dev/null
}

# release CGROUP
release() {
    cedarc sandbox detach "$1" >/dev/null
    echo 1 >"$cgroups/$1/cgroup.kill" 2>/dev/null
    rmdir "$cgroups/$1" 2>/dev/null || { sleep 0.2; rmdir "$cgroups/$1"; }
}
