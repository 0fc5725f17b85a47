# What suites have in common. A suite prints `ok - NAME` or `not ok - NAME`, and comments.

cgroups=/sys/fs/cgroup

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
