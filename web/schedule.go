package web

func (s *Server) scheduleRoutes() {}
